package org.espalier.train;

import org.espalier.data.Augmentation;
import org.espalier.text.CanonicalText;

/**
 * What a training is besides its schedule. {@link #ofPaper} is that of the paper's code: SGD without Nesterov's look-ahead, weight decay on
 * every parameter, padded crops and flips.
 *
 * @param batch       images a step; the last step of an epoch may have fewer
 * @param weightDecay on all parameters, batch norm's and biases included
 * @param seed        decides order, crops and flips, and the initial weights of a new network
 */
public record Recipe(int batch, double weightDecay, boolean nesterov, Augmentation augmentation, long seed) {
    private static final String NAME = "recipe";
    private static final Recipe OF_PAPER = new Recipe(64, 1e-4, false, Augmentation.CROP_AND_FLIP, 1);

    public Recipe {
        if (batch < 1) {
            throw new IllegalArgumentException("a batch has at least one image, not " + batch);
        }
        if (!(weightDecay >= 0 && weightDecay < 1)) {
            throw new IllegalArgumentException("weight decay lies in [0, 1), not " + weightDecay);
        }
    }

    public static Recipe ofPaper() {
        return OF_PAPER;
    }

    /** What differs from the paper's, the seed apart; empty if nothing does. {@link #parse} reads it. */
    public String text() {
        String text = new CanonicalText(NAME).add("batch", batch, OF_PAPER.batch).add("weightDecay", weightDecay, OF_PAPER.weightDecay)
                .add("nesterov", nesterov, OF_PAPER.nesterov).add("augmentation", augmentation, OF_PAPER.augmentation).toString();
        return text.substring(NAME.length()).strip();
    }

    public static Recipe parse(String text, long seed) {
        var fields = CanonicalText.parse(NAME + " " + text);
        Recipe parsed = new Recipe(fields.number("batch", OF_PAPER.batch), fields.real("weightDecay", OF_PAPER.weightDecay),
                fields.flag("nesterov", OF_PAPER.nesterov), fields.choice("augmentation", Augmentation.class, OF_PAPER.augmentation), seed);
        fields.requireNoneLeft();
        return parsed;
    }

    public Recipe withBatch(int other) {
        return new Recipe(other, weightDecay, nesterov, augmentation, seed);
    }

    public Recipe withWeightDecay(double other) {
        return new Recipe(batch, other, nesterov, augmentation, seed);
    }

    public Recipe withNesterov(boolean other) {
        return new Recipe(batch, weightDecay, other, augmentation, seed);
    }

    public Recipe withAugmentation(Augmentation other) {
        return new Recipe(batch, weightDecay, nesterov, other, seed);
    }

    public Recipe withSeed(long other) {
        return new Recipe(batch, weightDecay, nesterov, augmentation, other);
    }
}
