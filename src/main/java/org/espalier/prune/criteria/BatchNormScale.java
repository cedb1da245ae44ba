package org.espalier.prune.criteria;

import java.util.List;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.prune.Calibration;
import org.espalier.prune.Criterion;

/** |gamma|: the scale of a channel's batch norm (Liu et al., "Network Slimming", 2017); of several norms, their sum. */
public record BatchNormScale() implements Criterion {

    @Override
    public double[] scores(Network network, ChannelGroup group, Calibration calibration) {
        List<ChannelGroup.Slice> scales = Filters.norms(network.architecture(), group, "weight");
        if (scales.isEmpty()) {
            throw new IllegalArgumentException("the criterion bn-scale looks at batch norms, but none follows " + group.name());
        }
        double[] scores = new double[group.width()];
        for (ChannelGroup.Slice slice : scales) {
            Tensor gamma = network.weights().get(slice.tensor());
            for (int channel = 0; channel < scores.length; channel++) {
                for (int place : slice.places(channel)) {
                    scores[channel] += Math.abs(gamma.at(place));
                }
            }
        }
        return scores;
    }
}
