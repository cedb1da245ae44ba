package org.espalier.data.files;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;

/** Is told how far a download or a decoding is, often and perhaps from several threads. */
@FunctionalInterface
public interface ProgressListener {
    ProgressListener SILENT = (what, done, total) -> { };

    /** {@code done} of {@code total} bytes or images; {@code what} says of what. */
    void progressed(String what, long done, long total);

    /** A plain line after a second, and then every three. */
    static ProgressListener lines(PrintStream out) {
        AtomicLong next = new AtomicLong(System.nanoTime() + 1_000_000_000L);
        return (what, done, total) -> {
            long now = System.nanoTime();
            long due = next.get();
            if (now - due >= 0 && next.compareAndSet(due, now + 3_000_000_000L)) {
                out.printf("%s: %,d of %,d (%d %%)%n", what, done, total, total == 0 ? 100 : 100 * done / total);
            }
        };
    }
}
