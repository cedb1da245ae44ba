package org.espalier.display;

import java.util.LinkedHashMap;
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

    /**
     * Shows a value in the form of this MIME type: a text as HTML, Markdown, SVG and so on.
     *
     * @param types one or more, such as {@code text/html}
     */
    public static Display display(Object value, String... types) {
        return display(types.length == 0 ? value : render(value, types));
    }

    /** Shows a value in a form, in either order of the two that notebooks have: {@code display(x, "text/html")}, {@code display("html", x)}. */
    public static Display display(String one, Object other) {
        if (other instanceof String type && type.contains("/") && !type.contains(" ")) {
            return display(render(one, type));
        }
        return display(render(other, switch (one) {
            case "md" -> "text/markdown";
            case "html", "markdown" -> "text/" + one;
            case "text", "txt" -> Bundle.TEXT;
            default -> one;
        }));
    }

    /** The value in the forms of these MIME types: those that it has, or else its text as the first of them. */
    public static Renderable render(Object value, String... types) {
        return () -> {
            Bundle whole = views.apply(value);
            Map<String, Object> forms = new LinkedHashMap<>();
            for (String type : types) {
                if (whole.data().containsKey(type)) {
                    forms.put(type, whole.data().get(type));
                }
            }
            if (forms.isEmpty() && types.length > 0) {
                forms.put(types[0], whole.text());
            }
            forms.putIfAbsent(Bundle.TEXT, whole.text());
            return forms;
        };
    }

    /** Shows a value like {@link #display(Object, String...)}; gives the id that {@link #updateDisplay(String, Object)} takes. */
    public static String displayed(Object value, String... types) {
        return display(value, types).id();
    }

    /** What names the place of the shown thing, for {@link #updateDisplay(String, Object)}. */
    public String id() {
        return id;
    }

    /** Replaces what is shown under this id. */
    public static void updateDisplay(String id, Object value) {
        screen.update(id, views.apply(value));
    }

    /** Replaces what is shown under this id by the value in a form. */
    public static void updateDisplay(String id, String type, Object value) {
        updateDisplay(id, render(value, type));
    }

    /** Replaces what is shown, in its place. */
    public static void updateDisplay(Display shown, Object value) {
        shown.update(value);
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
