package org.espalier.prune.criteria;

import java.util.List;
import org.espalier.model.Network;
import org.espalier.model.Weights;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.prune.Calibration;
import org.espalier.prune.Criterion;

/**
 * Taylor-FO-BN: the square of the loss's gradient by a gate behind the batch norm, (gamma dL/dgamma + beta dL/dbeta)^2 of the mini-batch's mean
 * loss, averaged over mini-batches (Molchanov et al., "Importance Estimation for Neural Network Pruning", 2019; "method 22" of their code). Scores
 * of different layers can be compared.
 */
public record Taylor() implements Criterion {

    @Override
    public double[] scores(Network network, ChannelGroup group, Calibration calibration) {
        double[] scores = new double[group.width()];
        for (int batch = 0; batch < calibration.batches(); batch++) {
            double[] gates = gates(network, group, calibration.gradients(batch));
            for (int channel = 0; channel < scores.length; channel++) {
                scores[channel] += gates[channel] * gates[channel] / calibration.batches();
            }
        }
        return scores;
    }

    /**
     * The gradient of a mini-batch's mean loss by the gate of each channel.
     *
     * @param gradients dL/dW of that loss
     */
    public static double[] gates(Network network, ChannelGroup group, Weights gradients) {
        List<ChannelGroup.Slice> norms = Filters.norms(network.architecture(), group, "weight", "bias");
        if (norms.isEmpty()) {
            throw new IllegalArgumentException("the criterion taylor has its gates behind batch norms, but none follows " + group.name());
        }
        return Filters.sums(group, norms, (tensor, place) -> (double) network.weights().get(tensor).at(place) * gradients.get(tensor).at(place));
    }
}
