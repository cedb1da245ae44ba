package org.espalier.kernel;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.espalier.kernel.code.CellFailure;
import org.espalier.kernel.code.Session.Shown;

/** Says how long code took, whether it ended well or not: {@code %time}. */
final class WallTime {
    private WallTime() { }

    interface Work {
        Optional<Shown> run() throws CellFailure;
    }

    static Optional<Shown> of(Work work) throws CellFailure {
        long start = System.nanoTime();
        try {
            return work.run();
        } finally {
            System.out.println("Wall time: " + words(Duration.ofNanos(System.nanoTime() - start)));
        }
    }

    static String words(Duration duration) {
        double seconds = duration.toNanos() / 1e9;
        if (seconds < 1) {
            return String.format(Locale.ROOT, "%.3g ms", seconds * 1000);
        }
        return seconds < 60 ? String.format(Locale.ROOT, "%.2f s", seconds)
                : String.format(Locale.ROOT, "%d min %.0f s", (long) (seconds / 60), seconds % 60);
    }
}
