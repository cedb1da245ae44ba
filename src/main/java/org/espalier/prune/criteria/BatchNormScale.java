package org.espalier.prune.criteria;

import java.util.List;
import org.espalier.model.Network;
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
        return Filters.sums(group, scales, (gamma, place) -> Math.abs(network.weights().get(gamma).at(place)));
    }
}
