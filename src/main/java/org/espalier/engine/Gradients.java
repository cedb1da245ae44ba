package org.espalier.engine;

import ai.djl.pytorch.jni.JniUtils;

/** Switches the recording of gradients off for this thread until closed; the engine records them by default. */
public final class Gradients implements AutoCloseable {
    private final boolean before = JniUtils.isGradMode();

    private Gradients() {
        JniUtils.setGradMode(false);
    }

    public static Gradients off() {
        return new Gradients();
    }

    @Override
    public void close() {
        JniUtils.setGradMode(before);
    }
}
