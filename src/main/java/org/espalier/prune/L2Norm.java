package org.espalier.prune;

import org.espalier.model.ChannelGroup;
import org.espalier.model.Network;

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

    @Override
    public String text() {
        return "l2";
    }
}
