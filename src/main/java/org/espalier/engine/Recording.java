package org.espalier.engine;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/** Has libtorch record what is computed, so that it can compute the gradients. */
public final class Recording {
    private Recording() {
    }

    /** Calls the function with gradients recorded. */
    public static <T> T of(Supplier<T> function) {
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
}
