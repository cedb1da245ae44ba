package org.espalier.prune.criteria;

import org.espalier.model.Network;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.prune.Calibration;
import org.espalier.prune.Criterion;

/**
 * ThiNet: the order in which a greedy choice takes a channel to rebuild what the next layer puts out; the first is worth most (Luo, Wu and Lin,
 * "ThiNet: A Filter Level Pruning Method", 2017, and their script, whose greedy choice is {@linkplain MatchingPursuit orthogonal matching pursuit}).
 *
 * @param seed draws the outputs that are looked at
 */
public record ThiNet(long seed) implements Criterion {

    @Override
    public double[] scores(Network network, ChannelGroup group, Calibration calibration) {
        int[] order = NextLayer.of(network, group).contributions(calibration, seed).pursue(group.width()).chosen();
        double[] scores = new double[group.width()];
        for (int place = 0; place < order.length; place++) {
            scores[order[place]] = order.length - place;
        }
        return scores;
    }
}
