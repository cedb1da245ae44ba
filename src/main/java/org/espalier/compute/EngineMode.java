package org.espalier.compute;

import ai.djl.pytorch.jni.JniUtils;

/**
 * How the engine behaves on this thread until closed: it records no gradients unless told to, and has no threads of its own where a network
 * is computed in {@link Shares}, whose threads they would get in the way of.
 */
public final class EngineMode implements AutoCloseable {
    private final Gradients gradients = Gradients.off();
    private final int threads;

    EngineMode(int threads) {
        this.threads = threads;
        if (threads > 0) {
            JniUtils.setNumThreads(threads);
        }
    }

    @Override
    public void close() {
        if (threads > 0) {
            JniUtils.setNumThreads(Crew.THREADS);
        }
        gradients.close();
    }
}
