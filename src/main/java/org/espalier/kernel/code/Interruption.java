package org.espalier.kernel.code;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The flag behind the interrupt button. {@link InterruptInstrumenter} puts a call of {@link #check()} at every place where notebook code could run on
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
    /** Cells whose threads end when they next look, though the cell may be over; and how many callers of {@link #forget} are still to come. */
    private static final Map<Long, Integer> STOPPED = new ConcurrentHashMap<>();
    private static final InheritableThreadLocal<Long> CELL = new InheritableThreadLocal<>();

    // Of all sessions in this JVM, since the flags above are.
    private static final AtomicLong CELLS = new AtomicLong();

    private Interruption() { }

    /** A number that no other cell of this JVM has. */
    static long nextCell() {
        return CELLS.incrementAndGet();
    }

    /** Called by notebook code. */
    public static void check() {
        if (looking) {
            stopIfOfTheInterruptedCell();
        }
    }

    private static void stopIfOfTheInterruptedCell() {
        Long cell = CELL.get();
        boolean ofThePool = interruptedCell != NONE && Thread.currentThread() instanceof ForkJoinWorkerThread;
        if (ofThePool || cell != null && STOPPED.containsKey(cell)) {
            throw new CellInterrupted();
        }
    }

    /** Says that the current thread, and those that it starts from now on, work for this cell. */
    static void enter(long cell) {
        CELL.set(cell);
    }

    /** The running cell shall end; whatever it started ends too, even if it only looks when the cell is over, until it's forgotten. */
    static void request(long cell) {
        interruptedCell = cell;
        stop(cell);
    }

    /** The request is over. */
    static void clear() {
        interruptedCell = NONE;
    }

    static boolean isRequested() {
        return interruptedCell != NONE;
    }

    /** From now on, and until it's forgotten, this cell's threads end at their next look, whatever else runs. */
    static synchronized void stop(long cell) {
        STOPPED.merge(cell, 1, Integer::sum);
        looking = true;
    }

    /** Nothing of the cell is expected to look any more. To be called as often as the cell was stopped. */
    static synchronized void forget(long cell) {
        STOPPED.computeIfPresent(cell, (one, times) -> times == 1 ? null : times - 1);
        looking = !STOPPED.isEmpty();
    }
}
