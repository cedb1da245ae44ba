package org.espalier.compute;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Map;
import java.util.function.Supplier;
import org.espalier.model.Layer;
import org.espalier.model.Pool;
import org.espalier.model.Shortcut;

/** Pools, layers and shortcuts as functions of the engine, which records their gradients where that is switched on. */
final class Functions {
    static final double EPSILON = 1e-5;
    /** Of the running statistics, in PyTorch's counting: the part that is new. */
    static final double MOMENTUM = .1;
    private static final Shape ONE = new Shape(1, 1);
    private static final Shape TWO = new Shape(2, 2);
    private static final Shape NONE = new Shape(0, 0);

    private Functions() {
    }

    static <T> T recording(Supplier<T> function) {
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(true);
        try {
            return function.get();
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    /** The same memory, from which a gradient is asked for. */
    static PtNDArray leaf(PtNDArray array) {
        PtNDArray alias = JniUtils.detachGradient(array);
        JniUtils.attachGradient(alias, true);
        return alias;
    }

    /** The same array where there is no pool. */
    static PtNDArray pooled(Pool pool, PtNDArray x) {
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

    /** A convolution's weight is [out, in, side, side], a linear layer's [out, in]. */
    static PtNDArray layer(Layer layer, PtNDArray x, Map<String, PtNDArray> parameters) {
        PtNDArray weight = parameters.get(layer.name() + ".weight");
        if (layer instanceof Layer.Conv conv) {
            Shape padding = new Shape(conv.kernel() / 2, conv.kernel() / 2);
            return JniUtils.convolution(x, weight, null, new Shape(conv.stride(), conv.stride()), padding, ONE, 1);
        }
        return JniUtils.linear(x, weight, parameters.get(layer.name() + ".bias"));
    }

    /** Pooling and padding keep the memory layout, which strided slicing and concatenation would lose. */
    static PtNDArray shortened(Shortcut shortcut, PtNDArray x, int channels) {
        int added = channels - (int) x.getShape().get(1);
        int before = shortcut.before(added);
        try (PtNDArray halved = JniUtils.avgPool(x, new Shape(shortcut.window(), shortcut.window()), TWO, NONE, false, true)) {
            return JniUtils.pad(halved, new long[] {0, 0, 0, 0, before, added - before}, 0);
        }
    }
}
