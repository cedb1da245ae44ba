package org.espalier.prune;

import org.espalier.model.Network;
import org.espalier.model.ChannelGroup;
import org.espalier.model.Tensor;

/** The sum of the squared weights of a filter, which ranks as the l2 norm does. */
public record L2Norm() implements Criterion {

    @Override
    public double[] scores(Network network, ChannelGroup layer) {
        Tensor filters = network.weights().get(layer.name() + ".weight");
        int size = filters.size() / layer.width();
        double[] scores = new double[layer.width()];
        for (int i = 0; i < filters.size(); i++) {
            scores[i / size] += (double) filters.at(i) * filters.at(i);
        }
        return scores;
    }

    @Override
    public String text() {
        return "l2";
    }
}
