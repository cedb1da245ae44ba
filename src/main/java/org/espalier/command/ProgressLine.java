package org.espalier.command;

import java.io.PrintWriter;
import java.util.function.Consumer;
import org.espalier.study.sweep.Progress;

/** A sweep's progress: a line that replaces itself on a terminal, elsewhere a line every half minute and whenever something ends. */
final class ProgressLine implements Consumer<Progress> {
    private static final long TERMINAL_NANOS = 250_000_000L;
    private static final long LOG_NANOS = 30_000_000_000L;

    private final PrintWriter out;
    private final boolean terminal = System.console() != null;
    private long told;
    private int ended = -1;

    ProgressLine(PrintWriter out) {
        this.out = out;
    }

    @Override
    public synchronized void accept(Progress progress) {
        int now = progress.done() + progress.failed();
        if (now == ended && told != 0 && System.nanoTime() - told < (terminal ? TERMINAL_NANOS : LOG_NANOS)) {
            return;
        }
        told = System.nanoTime();
        ended = now;
        out.print(terminal ? "\r\033[K" + progress.text() : progress.text() + System.lineSeparator());
        out.flush();
    }

    synchronized void end() {
        if (terminal && told != 0) {
            out.println();
        }
    }
}
