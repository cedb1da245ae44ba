package org.espalier.method;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.model.channels.ChannelRemoval;
import org.espalier.prune.Criterion;
import org.espalier.prune.Plan;
import org.espalier.prune.criteria.MatchingPursuit;
import org.espalier.prune.criteria.NextLayer;

/**
 * ThiNet: layer after layer keeps the channels that rebuild the next layer's output best, and multiplies that layer's weights of each by its
 * factor by least squares (Luo, Wu and Lin, 2017, and their script). The choice is that of the criterion {@code thinet}, each layer's in the
 * network that the one before left. Unlike in the paper, no epoch of training stands between two layers: the retraining follows all.
 */
public record ThiNetReconstruction() implements Method {

    @Override
    public void check(Plan plan, Criterion criterion) {
        Method.requireNoCriterion("thinet", criterion);
    }

    @Override
    public MethodResult run(MethodContext context) {
        check(context.plan(), context.criterion());
        Network network = context.original();
        List<ChannelGroup> groups = network.architecture().prunable();
        context.plan().requirePrunable(network.architecture());
        List<Integer> counts = context.plan().kept(network.architecture());
        for (int i = 0; i < groups.size(); i++) {
            if (counts.get(i) < groups.get(i).width()) {
                NextLayer next = NextLayer.of(network, network.architecture().group(groups.get(i).name()));
                MatchingPursuit.Fit fit = next.contributions(context.calibration(network), context.recipe().seed()).pursue(counts.get(i));
                network = ChannelRemoval.keep(rescaled(network, next.slice(), fit), Map.of(groups.get(i).name(), Arrays.stream(fit.chosen()).sorted().toArray()));
            }
        }
        return MethodResult.of(network);
    }

    /** With the weights of the next layer multiplied by the factors of the channels that they read. */
    static Network rescaled(Network network, ChannelGroup.Slice slice, MatchingPursuit.Fit fit) {
        Tensor weight = network.weights().get(slice.tensor());
        float[] values = weight.values();
        int inputs = weight.shape()[1];
        int kernel = values.length / weight.shape()[0] / inputs;
        for (int k = 0; k < fit.chosen().length; k++) {
            for (int place : slice.places(fit.chosen()[k])) {
                for (int i = 0; i < weight.shape()[0] * kernel; i++) {
                    values[(i / kernel * inputs + place) * kernel + i % kernel] *= (float) fit.factors()[k];
                }
            }
        }
        return network.with(network.weights().with(Map.of(slice.tensor(), Tensor.of(values, weight.shape()))));
    }

    @Override
    public String text() {
        return "thinet";
    }
}
