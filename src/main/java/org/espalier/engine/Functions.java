package org.espalier.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import java.util.Map;
import java.util.function.Supplier;
import org.espalier.model.Layer;
import org.espalier.model.Shortcut;

/** Computes pools, layers and shortcuts by libtorch, which records their gradients where that is switched on. */
public final class Functions {
    /** Of batch norm. */
    public static final double EPSILON = 1e-5;
    /** Of the running statistics, in PyTorch's counting: the part of a batch in them. */
    public static final double MOMENTUM = .1;
    private static final Shape ONE = new Shape(1, 1);
    private static final Shape TWO = new Shape(2, 2);
    private static final Shape NONE = new Shape(0, 0);

    private Functions() {
    }

    /** Calls the function with gradients recorded. */
    public static <T> T recording(Supplier<T> function) {
        boolean before = Libtorch.recordsGradients();
        Libtorch.recordGradients(true);
        try {
            return function.get();
        } finally {
            Libtorch.recordGradients(before);
        }
    }

    /** Makes an array with the same memory, which a gradient can be asked of. */
    public static NDArray leaf(NDArray array) {
        NDArray alias = array.stopGradient();
        alias.setRequiresGradient(true);
        return alias;
    }

    /** Pools [N, C, H, W]; returns the same array where there is no pool. */
    public static NDArray pooled(org.espalier.model.Pool pool, NDArray x) {
        return switch (pool) {
            case NONE -> x;
            case MAX -> Pool.maxPool2d(x, TWO, TWO, NONE, false);
            case MEAN -> Pool.globalAvgPool2d(x);
        };
    }

    /** Computes a convolution, with weights [out, in, side, side], or a linear layer, with weights [out, in] and a bias. */
    public static NDArray layer(Layer layer, NDArray x, Map<String, ? extends NDArray> parameters) {
        NDArray weight = parameters.get(layer.name() + ".weight");
        if (layer instanceof Layer.Conv conv) {
            Shape padding = new Shape(conv.kernel() / 2, conv.kernel() / 2);
            return Conv2d.conv2d(x, weight, null, new Shape(conv.stride(), conv.stride()), padding, ONE, 1).singletonOrThrow();
        }
        return Linear.linear(x, weight, parameters.get(layer.name() + ".bias")).singletonOrThrow();
    }

    /**
     * Computes the shortcut around a block into another stage: half the resolution, and zero channels around those that are there. Pooling and
     * padding keep the memory layout, which strided slicing and concatenation would lose.
     */
    public static NDArray shortened(Shortcut shortcut, NDArray x, int channels) {
        int added = channels - (int) x.getShape().get(1);
        int before = shortcut.before(added);
        try (NDArray halved = Pool.avgPool2d(x, new Shape(shortcut.window(), shortcut.window()), TWO, NONE, false, true)) {
            return halved.pad(new Shape(0, 0, 0, 0, before, added - before), 0);
        }
    }
}
