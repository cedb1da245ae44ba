package org.espalier.prune;

import org.espalier.model.Network;
import org.espalier.model.ChannelGroup;

/** How much a filter is worth: one score per filter of a layer; the lowest go first. */
public sealed interface Criterion permits L1Norm, L2Norm, RandomScore {

    /** @return a score for each of the layer's filters, in order; higher is worth more */
    double[] scores(Network network, ChannelGroup layer);

    /** Canonical, and what {@link #parse} reads. */
    String text();

    /** @param seed used by the random criterion only */
    static Criterion parse(String text, long seed) {
        return switch (text) {
            case "l1" -> new L1Norm();
            case "l2" -> new L2Norm();
            case "random" -> new RandomScore(seed);
            default -> throw new IllegalArgumentException("'" + text + "' is no criterion; known are l1, l2 and random");
        };
    }
}
