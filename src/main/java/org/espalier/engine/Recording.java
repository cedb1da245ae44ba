package org.espalier.engine;

import ai.djl.ndarray.NDArray;
import java.util.function.Supplier;

/** Has libtorch record what is computed, so that it can compute the gradients. */
public final class Recording {
    private Recording() {
    }

    /** Calls the function with gradients recorded. */
    public static <T> T of(Supplier<T> function) {
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
}
