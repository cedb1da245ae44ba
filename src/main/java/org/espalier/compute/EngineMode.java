package org.espalier.compute;

import ai.djl.pytorch.jni.JniUtils;
import java.util.OptionalInt;

/**
 * How the engine behaves on this thread until closed: it records no gradients unless told to, and has no threads of its own where a network
 * is computed in {@link Shares}, whose threads they would get in the way of.
 */
public final class EngineMode implements AutoCloseable {
    private final Gradients gradients = Gradients.off();
    private final int before = JniUtils.getNumThreads();

    private final OptionalInt convolutionsBefore;

    /** @param threads of the engine's own; 0 leaves them as they are */
    EngineMode(int threads) {
        convolutionsBefore = threads > 0 ? OptionalInt.of(OneDnn.threads()) : OptionalInt.empty();
        set(threads > 0 ? threads : before);
        convolutionsBefore.ifPresent(any -> OneDnn.setThreads(threads));
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
        convolutionsBefore.ifPresent(OneDnn::setThreads);
        set(before);
        gradients.close();
    }
}
