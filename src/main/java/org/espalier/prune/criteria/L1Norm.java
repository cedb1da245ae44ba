package org.espalier.prune.criteria;

import org.espalier.model.Network;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.prune.Calibration;
import org.espalier.prune.Criterion;

/** The l1 norm: the sum of the absolute weights of a filter (Li et al., "Pruning Filters for Efficient ConvNets", 2017). */
public record L1Norm() implements Criterion {

    @Override
    public double[] scores(Network network, ChannelGroup group, Calibration calibration) {
        return Filters.scores(network, group, filter -> {
            double sum = 0;
            for (float weight : filter) {
                sum += Math.abs(weight);
            }
            return sum;
        });
    }
}
