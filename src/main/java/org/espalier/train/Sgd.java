package org.espalier.train;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Stochastic gradient descent as PyTorch's {@code torch.optim.SGD} means it: v = momentum v + (gradient + decay w), then w = w - rate v.
 *
 * <p>The engine's native step keeps rate v in its buffer instead of v, which is something else as soon as the rate moves. Multiplying the
 * momentum by rate / previous rate makes both the same, at no cost.
 */
final class Sgd {
    private static final float NO_CLIPPING = -1;

    private final float weightDecay;
    private final boolean nesterov;
    private final Map<String, NDArray> weights;
    private final Map<String, NDArray> buffers = new LinkedHashMap<>();
    private double previousRate;

    /** @param weights by name */
    Sgd(Map<String, NDArray> weights, double weightDecay, boolean nesterov) {
        this.weights = weights;
        this.weightDecay = (float) weightDecay;
        this.nesterov = nesterov;
        weights.forEach((name, weight) -> buffers.put(name, weight.zerosLike()));
    }

    /** One step. @param gradients by the weights' names; what is in them afterwards is of no use */
    void step(Map<String, NDArray> gradients, double rate, double momentum) {
        double ratio = previousRate == 0 ? 1 : rate / previousRate;
        weights.forEach((name, weight) -> {
            if (nesterov) {
                lookAhead(weight, gradients.get(name), buffers.get(name), rate, momentum, ratio);
            } else {
                JniUtils.sgdUpdate((PtNDArray) weight, (PtNDArray) gradients.get(name), (PtNDArray) buffers.get(name), (float) rate, weightDecay, 1,
                        NO_CLIPPING, (float) (momentum * ratio));
            }
        });
        previousRate = rate;
    }

    private void lookAhead(NDArray weight, NDArray gradient, NDArray buffer, double rate, double momentum, double ratio) {
        try (NDArray decay = weight.mul(weightDecay)) {
            gradient.addi(decay).muli((float) rate);
            buffer.muli((float) (momentum * ratio)).addi(gradient);
            try (NDArray ahead = buffer.mul((float) momentum)) {
                weight.subi(gradient.addi(ahead));
            }
        }
    }

    /** Rate x velocity, by the weights' names. */
    Map<String, NDArray> buffers() {
        return buffers;
    }

    double previousRate() {
        return previousRate;
    }

    /** Goes on where another left off. */
    void restore(Map<String, NDArray> saved, double rate) {
        buffers.values().forEach(NDArray::close);
        buffers.clear();
        buffers.putAll(saved);
        previousRate = rate;
    }
}
