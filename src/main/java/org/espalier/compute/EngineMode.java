package org.espalier.compute;

import ai.djl.pytorch.jni.JniUtils;
import java.util.function.IntConsumer;

/**
 * How the engine behaves on this thread until closed: it records no gradients unless told to, and has as many threads of its own as the way
 * of computing has use for, on whichever thread that is: none where a network is computed in {@link Shares}, whose threads they would get in
 * the way of.
 */
public final class EngineMode implements AutoCloseable {
    private final Gradients gradients = Gradients.off();
    private final Threads engine;
    private final Threads convolutions;

    private EngineMode(Threads engine, Threads convolutions) {
        this.engine = engine;
        this.convolutions = convolutions;
    }

    /** For threads that compute a share of a batch each. */
    static EngineMode ofShares() {
        int ofEngine = JniUtils.getNumThreads();
        int ofConvolutions = OneDnn.threads();
        return new EngineMode(Threads.set(ofEngine, 1, EngineMode::setEngine), Threads.set(ofConvolutions, 1, OneDnn::setThreads));
    }

    /** For operations that the engine divides among its threads. */
    static EngineMode ofWholeBatches() {
        return new EngineMode(Threads.set(JniUtils.getNumThreads(), Crew.THREADS, EngineMode::setEngine), null);
    }

    /** Whose number of threads was another before. */
    private record Threads(int before, IntConsumer setter) {
        static Threads set(int before, int now, IntConsumer setter) {
            setter.accept(now);
            return new Threads(before, setter);
        }

        void restore() {
            setter.accept(before);
        }
    }

    /** Only where it changes something: it clears what the engine keeps between operations. */
    private static void setEngine(int threads) {
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
        // The engine first: where both share one OpenMP, it would find its number there already and leave its other libraries as they are.
        engine.restore();
        if (convolutions != null) {
            convolutions.restore();
        }
        gradients.close();
    }
}
