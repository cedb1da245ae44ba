package org.espalier.report;

import java.util.Locale;
import org.espalier.display.Bundle;
import org.espalier.display.Display;
import org.espalier.display.Views;

/**
 * Says how far something is, and replaces what it said: in place in a notebook and on one line in a terminal, as a plain line every few seconds
 * elsewhere. The last line always stays. Showing costs nothing between two redraws.
 */
public final class LiveLine {
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final long PLAIN_NANOS = 5_000_000_000L;

    private final boolean notebook = Display.redraws();
    private final boolean terminal = !notebook && System.console() != null;
    private Display shown;
    private long last = System.nanoTime() - PLAIN_NANOS;
    private int width;

    /**
     * Shows this in the place of what was shown, unless that was a moment ago.
     *
     * @param value a text, or what a notebook shows better than as text
     */
    public synchronized void show(Object value) {
        long now = System.nanoTime();
        if (now - last >= (notebook || terminal ? REDRAW_NANOS : PLAIN_NANOS)) {
            last = now;
            draw(Views.of(value), false);
        }
    }

    /** Shows this, whatever was shown when, and ends the line. */
    public synchronized void end(String text) {
        draw(Bundle.text(text), true);
        shown = null;
        width = 0;
    }

    private void draw(Bundle value, boolean end) {
        String text = value.text();
        if (notebook && shown == null) {
            shown = Display.display(value);
        } else if (notebook) {
            shown.update(value);
        } else if (terminal) {
            System.err.print("\r" + text + " ".repeat(Math.max(0, width - text.length())) + (end ? "\n" : ""));
            width = text.length();
        } else {
            System.err.println(text);
        }
    }

    /**
     * A bar in HTML, under a title that is HTML, too.
     *
     * @param share of it that is filled, 0 to 1
     */
    static String bar(String title, double share) {
        return String.format(Locale.ROOT, "<div style='max-width:600px;margin:2px 0'><div>%s</div><div style='height:5px;border-radius:3px;background:rgba(127,127,127,.25)'>"
                + "<div style='height:5px;border-radius:3px;background:#2563eb;width:%.1f%%'></div></div></div>", title, 100 * Math.min(1, share));
    }
}
