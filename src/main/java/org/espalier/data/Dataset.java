package org.espalier.data;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.random.Randomness;

/**
 * What a network is trained and judged on. The name says source and subset canonically, for instance {@code cifar10/take=200,50/validation=0.1@7}:
 * equal names mean equal data, wherever they lie, and the name goes into a run's id.
 */
public record Dataset(String name, Split train, Optional<Split> validation, Split test, Normalisation normalisation) {

    /** @throws IllegalArgumentException when the parts differ in image size or classes, or the normalisation in channels */
    public Dataset {
        if (name.isBlank() || name.chars().anyMatch(c -> c <= ' ')) {
            throw new IllegalArgumentException("a dataset's name has no white space: '" + name + "'");
        }
        requireSameKind(name, train, test);
        if (validation.isPresent()) {
            requireSameKind(name, train, validation.get());
        }
        if (normalisation.channels() != train.channels()) {
            throw new IllegalArgumentException("the images of " + name + " have " + train.channels() + " channels, but the normalisation has "
                    + normalisation.channels());
        }
    }

    private static void requireSameKind(String name, Split a, Split b) {
        if (a.height() != b.height() || a.width() != b.width() || a.channels() != b.channels() || !a.classes().equals(b.classes())) {
            throw new IllegalArgumentException("the parts of " + name + " don't fit together: " + a + ", and " + b);
        }
    }

    /** @throws IllegalArgumentException for a network that takes other images, or tells other classes apart than these have */
    public void requireFit(int networkChannels, int networkClasses) {
        List<String> classes = test.classes();
        if (networkChannels != test.channels() || networkClasses != classes.size()) {
            throw new IllegalArgumentException("the network takes " + networkChannels + " channels and knows " + networkClasses + " classes, but the images of "
                    + name + " have " + test.channels() + " channels and " + classes.size() + " classes, "
                    + classes.subList(0, Math.min(10, classes.size())) + (classes.size() > 10 ? "..." : "") + ". Take a network for this data, or data with "
                    + "a class for each of the network's outputs, in their order; in a folder of images, classes may be empty (allowEmptyClasses())");
        }
    }

    /**
     * The first training images of every class: {@code take(500)} of ten classes takes 5,000, and all of a class that has fewer. Test and validation
     * images stay.
     *
     * @throws IllegalArgumentException for fewer than one
     */
    public Dataset take(int trainPerClass) {
        return new Dataset(name + "/take=" + trainPerClass, train.take(trainPerClass), validation, test, normalisation);
    }

    /** The first images of every class of the training and of the test set. */
    public Dataset take(int trainPerClass, int testPerClass) {
        return new Dataset(name + "/take=" + trainPerClass + "," + testPerClass, train.take(trainPerClass), validation, test.take(testPerClass),
                normalisation);
    }

    /**
     * Moves this fraction of every class, drawn with the seed, from the training set to a validation set; the order inside both stays.
     *
     * @throws IllegalArgumentException for a fraction outside (0, 1), one that leaves a class empty on either side, or a second validation set
     */
    public Dataset withValidation(double fraction, long seed) {
        if (!(fraction > 0 && fraction < 1)) {
            throw new IllegalArgumentException("a validation fraction lies between 0 and 1, both excluded, and is not " + fraction);
        }
        if (validation.isPresent()) {
            throw new IllegalArgumentException(name + " has a validation set of " + validation.get().size() + " images already");
        }
        int[] counts = train.countByClass();
        boolean[] held = new boolean[train.size()];
        for (int c = 0; c < counts.length; c++) {
            if (counts[c] == 0) {
                continue;
            }
            int wanted = (int) Math.round(fraction * counts[c]);
            if (wanted < 1 || wanted >= counts[c]) {
                throw new IllegalArgumentException("a validation fraction of " + fraction + " takes " + wanted + " of the " + counts[c]
                        + " training images of class '" + train.classes().get(c) + "'; both sides need at least one");
            }
            int[] order = Randomness.permutation(counts[c], Randomness.of(seed, "validation", c));
            int[] ofClass = rowsOfClass(c);
            for (int i = 0; i < wanted; i++) {
                held[ofClass[order[i]]] = true;
            }
        }
        return new Dataset(name + "/validation=" + fraction + "@" + seed, train.select(rowsWhere(held, false)),
                Optional.of(train.select(rowsWhere(held, true))), test, normalisation);
    }

    /** The same images under another normalisation, which becomes part of the name where it differs. */
    public Dataset normalised(Normalisation other) {
        return other.equals(normalisation) ? this : new Dataset(name + "/normalisation=" + other.text(), train, validation, test, other);
    }

    private int[] rowsOfClass(int label) {
        return IntStream.range(0, train.size()).filter(i -> train.label(i) == label).toArray();
    }

    private static int[] rowsWhere(boolean[] held, boolean value) {
        return IntStream.range(0, held.length).filter(i -> held[i] == value).toArray();
    }

    @Override
    public String toString() {
        return name + ": " + train.size() + " training" + validation.map(v -> ", " + v.size() + " validation").orElse("") + " and " + test.size()
                + " test " + test.toString().substring(test.toString().indexOf("images"));
    }
}
