package org.espalier.prune.criteria;

import org.espalier.model.Network;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.prune.Calibration;
import org.espalier.prune.Criterion;

/** The sum of the squared weights of a filter, which ranks as the l2 norm does. */
public record L2Norm() implements Criterion {

    @Override
    public double[] scores(Network network, ChannelGroup group, Calibration calibration) {
        return Filters.scores(network, group, filter -> {
            double sum = 0;
            for (float weight : filter) {
                sum += (double) weight * weight;
            }
            return sum;
        });
    }
}
