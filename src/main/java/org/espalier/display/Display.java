package org.espalier.display;

import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Shows values. In a notebook they appear below the cell; elsewhere as text, with pictures in files. Meant to be imported statically:
 * {@code display(table)}.
 */
public final class Display {
    // The place that output goes to, as with System.out: one per JVM, set once by whoever owns the screen.
    private static volatile Screen screen = new TextScreen();
    private static volatile Function<Object, Bundle> views = Views::of;

    private final String id;

    private Display(String id) {
        this.id = id;
    }

    /** Sends everything shown from now on to this screen, in the forms that this function gives values. */
    public static void to(Screen other, Function<Object, Bundle> forms) {
        screen = other;
        views = forms;
    }

    /**
     * Shows a value.
     *
     * @return what can replace it later
     */
    public static Display display(Object value) {
        Display shown = new Display(UUID.randomUUID().toString());
        screen.show(shown.id, views.apply(value));
        return shown;
    }

    /** Replaces what is shown, in its place. */
    public void update(Object value) {
        screen.update(id, views.apply(value));
    }

    /** Whether what was shown can be replaced where it stands. */
    public static boolean redraws() {
        return screen.redraws();
    }

    /** Removes what the cell has shown so far, as soon as it shows something else. */
    public static void clearOutput() {
        screen.clear(true);
    }

    /** HTML to show; text of unknown origin must be escaped before it is put in. */
    public static Renderable html(String html) {
        return () -> Map.of(Bundle.HTML, html, Bundle.TEXT, html);
    }

    public static Renderable markdown(String markdown) {
        return () -> Map.of("text/markdown", markdown, Bundle.TEXT, markdown);
    }
}
