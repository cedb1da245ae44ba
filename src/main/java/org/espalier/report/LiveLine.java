package org.espalier.report;

import org.espalier.display.Display;

/**
 * A line that says how far something is and replaces itself: in place in a notebook and in a terminal, as a plain line every few seconds
 * elsewhere. The last one always stays. Showing costs nothing between two redraws.
 */
public final class LiveLine {
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final long PLAIN_NANOS = 5_000_000_000L;

    private final boolean notebook = Display.redraws();
    private final boolean terminal = !notebook && System.console() != null;
    private Display shown;
    private long last = System.nanoTime() - PLAIN_NANOS;
    private int width;

    /** Shows this in the place of what was shown, unless that was a moment ago. */
    public synchronized void show(String text) {
        long now = System.nanoTime();
        if (now - last >= (notebook || terminal ? REDRAW_NANOS : PLAIN_NANOS)) {
            last = now;
            draw(text, false);
        }
    }

    /** Shows this, whatever was shown when, and ends the line. */
    public synchronized void end(String text) {
        draw(text, true);
        shown = null;
        width = 0;
    }

    private void draw(String text, boolean end) {
        if (notebook && shown == null) {
            shown = Display.display(text);
        } else if (notebook) {
            shown.update(text);
        } else if (terminal) {
            System.err.print("\r" + text + " ".repeat(Math.max(0, width - text.length())) + (end ? "\n" : ""));
            width = text.length();
        } else {
            System.err.println(text);
        }
    }
}
