package org.espalier.model;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.random.Randomness;

/**
 * Initial weights, as the paper's code draws them: convolutions from N(0, 2 / (k k out)); batch norm's scale 1 (VGG: 0.5), its shift 0; the
 * linear layer of a ResNet from U(-1/sqrt(in), 1/sqrt(in)) like PyTorch's default, those of VGG from N(0, 0.01^2) with bias 0.
 */
public final class Initial {
    private Initial() {
    }

    /** A network that knows nothing yet; the same seed gives the same weights. */
    public static Network network(Architecture architecture, long seed) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        int index = 0;
        for (Layer layer : architecture.layers()) {
            RandomGenerator random = Randomness.of(seed, "initial", index++);
            layer.shapes().forEach((name, shape) -> tensors.put(name, tensor(layer, name, shape, architecture, random)));
        }
        return new Network(architecture, new Weights(tensors));
    }

    private static Tensor tensor(Layer layer, String name, int[] shape, Architecture architecture, RandomGenerator random) {
        boolean vgg = architecture instanceof Vgg;
        if (layer instanceof Layer.Conv conv) {
            return gaussian(Math.sqrt(2. / (conv.kernel() * conv.kernel() * conv.out())), shape, random);
        }
        if (layer instanceof Layer.Norm) {
            boolean one = name.endsWith(".weight") || name.endsWith(".running_var");
            return Tensor.filled(name.endsWith(".weight") && vgg ? .5f : one ? 1 : 0, shape);
        }
        if (vgg) {
            return name.endsWith(".bias") ? Tensor.filled(0, shape) : gaussian(.01, shape, random);
        }
        double bound = 1 / Math.sqrt(((Layer.Linear) layer).in());
        float[] values = Tensor.filled(0, shape).values();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return Tensor.of(values, shape);
    }

    private static Tensor gaussian(double deviation, int[] shape, RandomGenerator random) {
        float[] values = Tensor.filled(0, shape).values();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return Tensor.of(values, shape);
    }
}
