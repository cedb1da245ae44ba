package org.espalier.engine.device;

import ai.djl.engine.Engine;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

/**
 * Sets how the engine behaves on this thread until closed: it records no gradients unless told to, and uses a given number of threads for each
 * operation, whatever number this thread found when it started.
 */
public final class EngineMode implements AutoCloseable {
    /** As many as the engine was told to use; read once, because what it says moves while a {@code ThreadTeam} is at work. */
    private static final int THREADS = threadsOfEngine();

    private final Recording recording = Recording.off();
    private final int before = Libtorch.threads();
    private final int beforeOfOther;
    private final IntConsumer other;

    private EngineMode(int threads, IntSupplier threadsOfOther, IntConsumer other) {
        this.other = other;
        beforeOfOther = threadsOfOther.getAsInt();
        setThreads(threads);
        other.accept(threads);
    }

    /** Divides each operation among all threads of this process. */
    public static EngineMode ofWholeBatches() {
        return new EngineMode(THREADS, () -> THREADS, threads -> { });
    }

    /**
     * Gives operations of the engine, and of another library, the calling thread alone.
     *
     * @param threads    how many threads the other library uses now
     * @param setThreads sets them
     */
    public static EngineMode singleThreaded(IntSupplier threads, IntConsumer setThreads) {
        return new EngineMode(1, threads, setThreads);
    }

    /** How many threads this process computes with. */
    public static int threads() {
        return THREADS;
    }

    /** Only where it changes something: it clears what libtorch keeps between operations. */
    private static void setThreads(int threads) {
        if (Libtorch.threads() != threads) {
            Libtorch.setThreads(threads);
        }
    }

    private static int threadsOfEngine() {
        // Only an engine that is there knows.
        Engine.getInstance();
        return Libtorch.threads();
    }

    @Override
    public void close() {
        // The engine first: where both share one OpenMP, it would find its number there already and leave its other libraries as they are.
        setThreads(before);
        other.accept(beforeOfOther);
        recording.close();
    }
}
