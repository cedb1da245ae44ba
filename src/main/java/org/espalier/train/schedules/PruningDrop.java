package org.espalier.train.schedules;

import org.espalier.model.Network;
import org.espalier.model.Tensor;

/**
 * What a pruning took from a network's weights and biases, running statistics aside. It makes no difference whether they are gone or zero.
 *
 * @param share        of those that weren't zero, in [0, 1)
 * @param relativeNorm sqrt(| |W|^2 - |W_p|^2 |) / |W|
 */
record PruningDrop(double share, double relativeNorm) {

    static PruningDrop of(Network original, Network pruned) {
        double before = squaredNorm(original);
        return new PruningDrop(1 - (double) nonZero(pruned) / nonZero(original), Math.sqrt(Math.abs(before - squaredNorm(pruned)) / before));
    }

    private static double squaredNorm(Network network) {
        double sum = 0;
        for (Tensor tensor : trained(network)) {
            for (int i = 0; i < tensor.size(); i++) {
                sum += (double) tensor.at(i) * tensor.at(i);
            }
        }
        return sum;
    }

    private static long nonZero(Network network) {
        long count = 0;
        for (Tensor tensor : trained(network)) {
            for (int i = 0; i < tensor.size(); i++) {
                count += tensor.at(i) == 0 ? 0 : 1;
            }
        }
        return count;
    }

    private static Iterable<Tensor> trained(Network network) {
        return network.weights().tensors().entrySet().stream().filter(entry -> entry.getKey().endsWith(".weight") || entry.getKey().endsWith(".bias"))
                .map(entry -> entry.getValue()).toList();
    }
}
