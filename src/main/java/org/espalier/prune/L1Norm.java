package org.espalier.prune;

import org.espalier.model.Network;
import org.espalier.model.ChannelGroup;
import org.espalier.model.Tensor;

/** The sum of the absolute weights of a filter (Li et al., "Pruning Filters for Efficient ConvNets", 2017). */
public record L1Norm() implements Criterion {

    @Override
    public double[] scores(Network network, ChannelGroup layer) {
        Tensor filters = network.weights().get(layer.name() + ".weight");
        int size = filters.size() / layer.width();
        double[] scores = new double[layer.width()];
        for (int i = 0; i < filters.size(); i++) {
            scores[i / size] += Math.abs(filters.at(i));
        }
        return scores;
    }

    @Override
    public String text() {
        return "l1";
    }
}
