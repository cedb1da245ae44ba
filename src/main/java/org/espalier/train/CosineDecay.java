package org.espalier.train;

import org.espalier.text.CanonicalText;

/** Half a cosine from the highest rate to the last, at every step; no warm-up, constant momentum. Not in the paper. */
public record CosineDecay(double highest, double last) implements Schedule {
    private static final CosineDecay USUAL = new CosineDecay(.1, 1e-5);

    public CosineDecay {
        Schedule.requirePositive(highest, last);
    }

    public static CosineDecay usual() {
        return USUAL;
    }

    static CosineDecay parse(CanonicalText fields) {
        return new CosineDecay(fields.real("highest", USUAL.highest), fields.real("last", USUAL.last));
    }

    @Override
    public double learningRate(long step, Budget budget) {
        return Schedule.cosine(highest, last, budget.steps() == 1 ? 0 : step / (budget.steps() - 1.));
    }

    @Override
    public String label() {
        return "cosine";
    }

    @Override
    public String text() {
        return new CanonicalText("cosine").add("highest", highest, USUAL.highest).add("last", last, USUAL.last).toString();
    }
}
