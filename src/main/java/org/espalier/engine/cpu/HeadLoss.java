package org.espalier.engine.cpu;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.engine.CrossEntropy;
import org.espalier.engine.device.Recording;
import org.espalier.engine.device.Libtorch;

/**
 * Computes a network's head and loss over a shard of a batch, and their gradients, by libtorch.
 *
 * @param lossSum of the shard's images, a float32 scalar
 * @param correct how many of them it got right, an int64 scalar
 */
record HeadLoss(NDArray input, Map<String, NDArray> weights, NDArray lossSum, NDArray correct) {

    /**
     * Computes forward and backward.
     *
     * @param batch how many images all shards have together: the gradient is that of their mean loss
     */
    static HeadLoss of(Head head, ChannelsLast features, NDArray labels, long batch, Map<String, NDArray> parameters, NDManager manager) {
        NDArray input = Recording.leaf(features.array());
        Map<String, NDArray> weights = new HashMap<>();
        // The same memory as the parameters, but with gradients of this shard alone.
        head.tensors().forEach(name -> {
            NDArray weight = Recording.leaf(parameters.get(name));
            weight.attach(manager);
            weights.put(name, weight);
        });
        NDArray logits = Recording.of(() -> head.logits(input, weights));
        NDArray loss = Recording.of(() -> CrossEntropy.sum(logits, labels));
        // A number that comes from Java's side would leave the garbage collector a buffer at every step.
        Libtorch.backward(loss, manager.full(new Shape(), 1f / batch));
        return new HeadLoss(input, weights, loss.stopGradient(), CrossEntropy.correct(logits, labels));
    }

    /** dL/dx of the features. */
    ChannelsLast gradient() {
        return ChannelsLast.of(input.getGradient());
    }

    /** The gradients of the head's weights, by their names; to be asked for once. */
    Map<String, NDArray> gradients() {
        Map<String, NDArray> gradients = new LinkedHashMap<>();
        weights.forEach((name, weight) -> {
            gradients.put(name, weight.getGradient());
            weight.close();
        });
        return gradients;
    }
}
