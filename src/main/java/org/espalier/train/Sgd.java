package org.espalier.train;

import ai.djl.ndarray.NDArray;
import org.espalier.engine.device.Libtorch;

/**
 * Stochastic gradient descent as PyTorch's {@code torch.optim.SGD} means it: v = momentum v + (gradient + decay w), then w = w - rate v.
 *
 * <p>The engine's native step keeps rate v in its buffer instead of v, which is something else as soon as the rate moves. Multiplying the
 * momentum by rate / previous rate makes both the same, at no cost.
 */
public final class Sgd {
    /** Moves no weight, but leaves v in the buffer, which a rate of 0 would forget. */
    private static final double AS_GOOD_AS_ZERO = 1e-20;

    private final float weightDecay;
    private final boolean nesterov;
    private final NDArray weights;
    private NDArray buffer;
    private double previousRate;

    /** @param weights all of them, in one array */
    public Sgd(NDArray weights, double weightDecay, boolean nesterov) {
        this.weights = weights;
        this.weightDecay = (float) weightDecay;
        this.nesterov = nesterov;
        buffer = weights.zerosLike();
    }

    /**
     * One step.
     *
     * @param gradients of the weights; what is in them afterwards is of no use
     */
    public void step(NDArray gradients, double scheduled, double momentum) {
        double rate = Math.max(scheduled, AS_GOOD_AS_ZERO);
        double ratio = previousRate == 0 ? 1 : rate / previousRate;
        if (nesterov) {
            lookAhead(gradients, rate, momentum, ratio);
        } else {
            Libtorch.sgdUpdate(weights, gradients, buffer, (float) rate, weightDecay, (float) (momentum * ratio));
        }
        previousRate = rate;
    }

    private void lookAhead(NDArray gradients, double rate, double momentum, double ratio) {
        try (NDArray decay = weights.mul(weightDecay)) {
            gradients.addi(decay).muli((float) rate);
            buffer.muli((float) (momentum * ratio)).addi(gradients);
            try (NDArray ahead = buffer.mul((float) momentum)) {
                weights.subi(gradients.addi(ahead));
            }
        }
    }

    /** Rate x velocity, in the order of the weights. */
    public NDArray buffer() {
        return buffer;
    }

    public double previousRate() {
        return previousRate;
    }

    /** Goes on where another left off. */
    public void restore(NDArray saved, double rate) {
        buffer.close();
        buffer = saved;
        previousRate = rate;
    }
}
