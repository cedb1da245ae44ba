package org.espalier.engine.device;

import ai.djl.ndarray.NDArray;
import java.util.function.Supplier;

/**
 * Switches for this thread, until closed, whether libtorch records what is computed, so that it can compute the gradients; the engine records
 * by default.
 */
public final class Recording implements AutoCloseable {
    private final boolean before = Libtorch.recordsGradients();

    private Recording(boolean on) {
        Libtorch.recordGradients(on);
    }

    /** Records nothing. */
    public static Recording off() {
        return new Recording(false);
    }

    /** Calls the function with gradients recorded. */
    public static <T> T of(Supplier<T> function) {
        try (var recording = new Recording(true)) {
            return function.get();
        }
    }

    /** Makes an array with the same memory, which a gradient can be asked of. */
    public static NDArray leaf(NDArray array) {
        NDArray alias = array.stopGradient();
        alias.setRequiresGradient(true);
        return alias;
    }

    @Override
    public void close() {
        Libtorch.recordGradients(before);
    }
}
