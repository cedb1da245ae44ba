package org.espalier.engine;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Map;
import java.util.function.Supplier;
import org.espalier.model.Layer;
import org.espalier.model.Pool;
import org.espalier.model.Shortcut;

/** Computes pools, layers and shortcuts by the engine, which records their gradients where that is switched on. */
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
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(true);
        try {
            return function.get();
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    /** Makes an array with the same memory, which a gradient can be asked of. */
    public static PtNDArray leaf(PtNDArray array) {
        PtNDArray alias = JniUtils.detachGradient(array);
        JniUtils.attachGradient(alias, true);
        return alias;
    }

    /** Pools [N, C, H, W]; returns the same array where there is no pool. */
    public static PtNDArray pooled(Pool pool, PtNDArray x) {
        return switch (pool) {
            case NONE -> x;
            case MAX -> JniUtils.maxPool(x, TWO, TWO, NONE, false);
            case MEAN -> mean(x);
        };
    }

    private static PtNDArray mean(PtNDArray x) {
        try (PtNDArray mean = JniUtils.adaptiveAvgPool(x, ONE)) {
            return (PtNDArray) mean.reshape(mean.getShape().get(0), mean.getShape().get(1));
        }
    }

    /** Computes a convolution, with weights [out, in, side, side], or a linear layer, with weights [out, in] and a bias. */
    public static PtNDArray layer(Layer layer, PtNDArray x, Map<String, PtNDArray> parameters) {
        PtNDArray weight = parameters.get(layer.name() + ".weight");
        if (layer instanceof Layer.Conv conv) {
            Shape padding = new Shape(conv.kernel() / 2, conv.kernel() / 2);
            return JniUtils.convolution(x, weight, null, new Shape(conv.stride(), conv.stride()), padding, ONE, 1);
        }
        return JniUtils.linear(x, weight, parameters.get(layer.name() + ".bias"));
    }

    /**
     * Computes the shortcut around a block into another stage: half the resolution, and zero channels around those that are there. Pooling and
     * padding keep the memory layout, which strided slicing and concatenation would lose.
     */
    public static PtNDArray shortened(Shortcut shortcut, PtNDArray x, int channels) {
        int added = channels - (int) x.getShape().get(1);
        int before = shortcut.before(added);
        try (PtNDArray halved = JniUtils.avgPool(x, new Shape(shortcut.window(), shortcut.window()), TWO, NONE, false, true)) {
            return JniUtils.pad(halved, new long[] {0, 0, 0, 0, before, added - before}, 0);
        }
    }
}
