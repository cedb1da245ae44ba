package org.espalier.engine;


/** Switches the recording of gradients off for this thread until closed; the engine records them by default. */
public final class Gradients implements AutoCloseable {
    private final boolean before = Libtorch.recordsGradients();

    private Gradients() {
        Libtorch.recordGradients(false);
    }

    public static Gradients off() {
        return new Gradients();
    }

    @Override
    public void close() {
        Libtorch.recordGradients(before);
    }
}
