package org.espalier.method.gal;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.core.Linear;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.random.Randomness;

/** GAL's discriminator of logits: linear layers of 128, 256, 128 and 1, without anything between them, as in the authors' code. */
final class Discriminator {
    private static final int[] WIDTHS = {128, 256, 128, 1};

    private Discriminator() {
    }

    /** Weights from N(0, 0.01^2), biases 0. */
    static Weights initial(int classes, long seed) {
        RandomGenerator random = Randomness.of(seed, "discriminator", 0);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        int in = classes;
        for (int layer = 0; layer < WIDTHS.length; layer++) {
            tensors.put("d" + layer + ".weight", Tensor.of(normal(random, WIDTHS[layer] * in, .01), WIDTHS[layer], in));
            tensors.put("d" + layer + ".bias", Tensor.filled(0, WIDTHS[layer]));
            in = WIDTHS[layer];
        }
        return new Weights(tensors);
    }

    static NDArray judged(NDArray logits, Map<String, NDArray> tensors) {
        NDArray x = logits;
        for (int layer = 0; layer < WIDTHS.length; layer++) {
            x = Linear.linear(x, tensors.get("d" + layer + ".weight"), tensors.get("d" + layer + ".bias")).singletonOrThrow();
        }
        return x;
    }

    static float[] normal(RandomGenerator random, int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }
}
