package org.espalier.compute;

import ai.djl.pytorch.jni.JniUtils;

/**
 * How the engine behaves on this thread until closed: it records no gradients unless told to, and has no threads of its own where a network
 * is computed in {@link Shares}, whose threads they would get in the way of.
 */
public final class EngineMode implements AutoCloseable {
    private final Gradients gradients = Gradients.off();
    private final int before = JniUtils.getNumThreads();

    /** @param threads of the engine's own; 0 leaves them as they are */
    EngineMode(int threads) {
        set(threads > 0 ? threads : before);
    }

    /** Only where it changes something: it clears what the engine keeps between operations. */
    private static void set(int threads) {
        if (JniUtils.getNumThreads() != threads) {
            JniUtils.setNumThreads(threads);
        }
    }

    /** How many threads this process computes with. */
    public static int threads() {
        return Crew.THREADS;
    }

    @Override
    public void close() {
        set(before);
        gradients.close();
    }
}
