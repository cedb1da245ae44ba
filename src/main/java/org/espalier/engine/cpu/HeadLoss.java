package org.espalier.engine.cpu;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.engine.CrossEntropy;
import org.espalier.engine.Functions;
import org.espalier.model.Head;

/**
 * Computes a network's head and loss over a shard of a batch, and their gradients, by libtorch.
 *
 * @param lossSum of the shard's images, a float32 scalar
 * @param correct how many of them it got right, an int64 scalar
 */
record HeadLoss(PtNDArray input, Map<String, PtNDArray> weights, NDArray lossSum, NDArray correct) {

    /** Computes forward and backward. @param batch how many images all shards have together: the gradient is that of their mean loss */
    static HeadLoss of(Head head, ChannelsLast features, NDArray labels, long batch, Map<String, PtNDArray> parameters, PtNDManager manager) {
        PtNDArray input = Functions.leaf(features.array());
        Map<String, PtNDArray> weights = new HashMap<>();
        // The same memory as the parameters, but with gradients of this shard alone.
        head.layer().shapes().keySet().forEach(name -> {
            PtNDArray weight = Functions.leaf(parameters.get(name));
            weight.attach(manager);
            weights.put(name, weight);
        });
        PtNDArray logits = Functions.recording(() -> Functions.layer(head.layer(), Functions.pooled(head.before(), input), weights));
        PtNDArray loss = Functions.recording(() -> (PtNDArray) CrossEntropy.sum(logits, labels));
        // A number that comes from Java's side would leave the garbage collector a buffer at every step.
        JniUtils.backward(loss, (PtNDArray) manager.full(new Shape(), 1f / batch), false, false);
        return new HeadLoss(input, weights, JniUtils.detachGradient(loss), CrossEntropy.correct(logits, labels));
    }

    /** dL/dx of the features. */
    ChannelsLast gradient() {
        return ChannelsLast.of(JniUtils.getGradient(input));
    }

    /** The gradients of the head's weights, by their names; to be asked for once. */
    Map<String, PtNDArray> gradients() {
        Map<String, PtNDArray> gradients = new LinkedHashMap<>();
        weights.forEach((name, weight) -> {
            gradients.put(name, JniUtils.getGradient(weight));
            weight.close();
        });
        return gradients;
    }
}
