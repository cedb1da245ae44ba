package org.espalier.compute;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.model.Head;

/**
 * The head of a network over a share of a batch, its loss, and the gradients of both, by the engine.
 *
 * @param lossSum of the share's images, a scalar; float32
 * @param correct how many of them it got right, a scalar; int64
 */
record Classification(PtNDArray input, Map<String, PtNDArray> weights, NDArray lossSum, NDArray correct) {

    /** @param batch how many images all shares have together: the gradient is that of their mean loss */
    static Classification of(Head head, ChannelsLast features, NDArray labels, long batch, Map<String, PtNDArray> parameters, PtNDManager manager) {
        PtNDArray input = Functions.leaf(features.array());
        Map<String, PtNDArray> weights = new HashMap<>();
        // The same memory as the parameters, but with gradients of this share alone.
        head.layer().shapes().keySet().forEach(name -> {
            PtNDArray weight = Functions.leaf(parameters.get(name));
            weight.attach(manager);
            weights.put(name, weight);
        });
        PtNDArray logits = Functions.recording(() -> Functions.layer(head.layer(), Functions.pooled(head.before(), input), weights));
        PtNDArray loss = Functions.recording(() -> (PtNDArray) CrossEntropy.sum(logits, labels));
        // A number that comes from Java's side would leave the garbage collector a buffer at every step.
        JniUtils.backward(loss, (PtNDArray) manager.full(new Shape(), 1f / batch), false, false);
        return new Classification(input, weights, JniUtils.detachGradient(loss), CrossEntropy.correct(logits, labels));
    }

    /** Of the features. */
    ChannelsLast gradient() {
        return ChannelsLast.of(JniUtils.getGradient(input));
    }

    /** Of the head's weights, by their names; to be asked for once. */
    Map<String, PtNDArray> gradients() {
        Map<String, PtNDArray> gradients = new LinkedHashMap<>();
        weights.forEach((name, weight) -> {
            gradients.put(name, JniUtils.getGradient(weight));
            weight.close();
        });
        return gradients;
    }
}
