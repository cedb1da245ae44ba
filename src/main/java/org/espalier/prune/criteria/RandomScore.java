package org.espalier.prune.criteria;

import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.model.Network;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.prune.Calibration;
import org.espalier.prune.Criterion;
import org.espalier.random.Randomness;

/** Uniform scores: which filters go is chance, and those that stay keep their trained weights. */
public record RandomScore(long seed) implements Criterion {

    @Override
    public double[] scores(Network network, ChannelGroup group, Calibration calibration) {
        RandomGenerator random = Randomness.of(seed, "prune", group.id());
        double[] scores = new double[group.width()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = random.nextDouble();
        }
        return scores;
    }
}
