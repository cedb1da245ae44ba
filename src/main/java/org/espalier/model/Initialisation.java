package org.espalier.model;

import java.util.OptionalDouble;
import java.util.function.DoubleSupplier;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * How the weights of a new network are drawn, in the literature's terms. The same random numbers give the same weights in every release.
 *
 * @param fan    whether a convolution's deviation is sqrt(2 / (kernel kernel out)) or sqrt(2 / (kernel kernel in)) (He et al. 2015)
 * @param gamma  batch norm's initial scale; its shift is 0
 * @param linear the deviation of a linear layer's weights, with bias 0; empty for PyTorch's default, U(-1/sqrt(in), 1/sqrt(in)) for both
 */
public record Initialisation(Fan fan, float gamma, OptionalDouble linear) {
    /** ResNets', here and in torchvision. */
    public static final Initialisation PYTORCH = new Initialisation(Fan.OUT, 1, OptionalDouble.empty());

    /** Which channels of a convolution count. */
    public enum Fan {
        IN, OUT
    }

    /** PyTorch's default, but for linear layers from N(0, deviation^2). */
    public Initialisation withLinear(double deviation) {
        return new Initialisation(fan, gamma, OptionalDouble.of(deviation));
    }

    public Initialisation withGamma(float other) {
        return new Initialisation(fan, other, linear);
    }

    public Initialisation withFan(Fan other) {
        return new Initialisation(other, gamma, linear);
    }

    Tensor tensor(Op op, String part, int[] shape, RandomGenerator random) {
        if (op instanceof Op.Conv2d conv) {
            double deviation = Math.sqrt(2. / (conv.kernel() * conv.kernel() * (fan == Fan.OUT ? conv.out() : conv.in() / conv.groups())));
            return part.equals("bias") ? Tensor.filled(0, shape) : drawn(shape, () -> deviation * random.nextGaussian());
        }
        if (op instanceof Op.BatchNorm) {
            return Tensor.filled(part.equals("weight") ? gamma : part.equals("running_var") ? 1 : 0, shape);
        }
        if (linear.isPresent()) {
            return part.equals("bias") ? Tensor.filled(0, shape) : drawn(shape, () -> linear.getAsDouble() * random.nextGaussian());
        }
        double bound = 1 / Math.sqrt(((Op.Linear) op).in());
        return drawn(shape, () -> bound * (2 * random.nextDouble() - 1));
    }

    private static Tensor drawn(int[] shape, DoubleSupplier number) {
        float[] values = Tensor.filled(0, shape).values();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) number.getAsDouble();
        }
        return Tensor.of(values, shape);
    }
}
