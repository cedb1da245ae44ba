package org.espalier.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/**
 * The parameter-free shortcut over a change of stage ("option A"): half the resolution, zero channels for those that are new. The gradient
 * flows through it, as in standard implementations; the paper's own code cuts it there.
 */
public enum Shortcut {
    /** Every second pixel; zero channels, half of them before and half behind. The common variant, and that of most pretrained files. */
    SUBSAMPLE {
        @Override
        int window() {
            return 1;
        }

        @Override
        int before(int added) {
            return added / 2;
        }
    },
    /** The mean of 2 x 2 pixels; zero channels behind. The variant of the paper's code. */
    AVERAGE {
        @Override
        int window() {
            return 2;
        }

        @Override
        int before(int added) {
            return 0;
        }
    };

    abstract int window();

    abstract int before(int added);

    /** Pooling and padding keep the memory layout, which strided slicing and concatenation would lose. */
    NDArray apply(NDArray x, int channels) {
        int added = channels - (int) x.getShape().get(1);
        try (NDArray halved = Pool.avgPool2d(x, new Shape(window(), window()), new Shape(2, 2), new Shape(0, 0), false, true)) {
            return JniUtils.pad((PtNDArray) halved, new long[] {0, 0, 0, 0, before(added), added - before(added)}, 0);
        }
    }
}
