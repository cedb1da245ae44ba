package org.espalier.kernel.code;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinWorkerThread;

/**
 * The flag behind the interrupt button. {@link Weaver} puts a call of {@link #check()} at every place where notebook code could run on
 * forever, so that a loop which waits for nothing and swallows every exception stops all the same.
 *
 * <p>Only threads that the interrupted cell started are stopped (and the common pool's, which run its parallel streams): a server that an
 * earlier cell left running in the background goes on.
 */
public final class Interruption {
    // Woven code reads this before every backward jump, hence a plain static field; it is set for moments only.
    private static volatile boolean looking;
    private static final long NONE = -1;
    private static volatile long interruptedCell = NONE;
    /** Cells that were left behind; they end when they next look. */
    private static final Set<Long> ABANDONED = ConcurrentHashMap.newKeySet();
    private static final InheritableThreadLocal<Long> CELL = new InheritableThreadLocal<>();

    private Interruption() { }

    /** Called by notebook code. */
    public static void check() {
        if (looking) {
            stopIfOfTheInterruptedCell();
        }
    }

    private static void stopIfOfTheInterruptedCell() {
        Long cell = CELL.get();
        boolean current = interruptedCell != NONE;
        if (cell != null && (cell == interruptedCell || ABANDONED.contains(cell)) || current && Thread.currentThread() instanceof ForkJoinWorkerThread) {
            throw new CellInterrupted();
        }
    }

    /** Says that the current thread, and those that it starts from now on, work for this cell. */
    static void enter(long cell) {
        CELL.set(cell);
    }

    static void request(long cell) {
        interruptedCell = cell;
        looking = true;
    }

    static void clear() {
        interruptedCell = NONE;
        looking = !ABANDONED.isEmpty();
    }

    static boolean isRequested() {
        return interruptedCell != NONE;
    }

    /** From now on this cell's threads end at their next look, whatever else runs. */
    static void abandon(long cell) {
        ABANDONED.add(cell);
        looking = true;
    }

    /** Its thread has ended. */
    static void forget(long cell) {
        ABANDONED.remove(cell);
    }
}
