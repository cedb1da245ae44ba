package org.espalier.kernel.display;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A figure's layout as plotly.js wants it, where Tablesaw writes something else: numbers as text, and panels whose axes don't know each other. */
final class PlotlyLayout {
    private PlotlyLayout() { }

    static Map<String, Object> of(FigureScript script) {
        Map<String, Object> layout = new LinkedHashMap<>();
        script.layout().forEach((key, value) -> layout.put(key, key.matches("[xy]axis\\d*") && value instanceof Map<?, ?> axis ? typed(axis) : value));
        for (Map<String, Object> fields : script.traces()) {
            Trace trace = new Trace(fields);
            anchor(layout, trace.text("xaxis", "x"), trace.text("yaxis", "y"));
            anchor(layout, trace.text("yaxis", "y"), trace.text("xaxis", "x"));
        }
        return layout;
    }

    private static Map<String, Object> typed(Map<?, ?> axis) {
        Map<String, Object> typed = new LinkedHashMap<>();
        axis.forEach((key, value) -> typed.put(key.toString(), switch (key.toString()) {
            case "autorange" -> value.equals("true") || value.equals("false") ? Boolean.valueOf(value.toString()) : value;
            case "range" -> value instanceof List<?> ends && ends.stream().noneMatch(end -> Double.isNaN(Trace.parse(end, Double.NaN)))
                    ? ends.stream().map(end -> Trace.parse(end, 0)).toList() : value;
            default -> value;
        }));
        return typed;
    }

    /** Lets the second axis of a panel, and those after it, stand beside their own other axis: else their numbers stand in the first panel. */
    @SuppressWarnings("unchecked")
    private static void anchor(Map<String, Object> layout, String axis, String other) {
        if (axis.length() > 1) {
            String key = axis.charAt(0) + "axis" + axis.substring(1);
            Map<String, Object> fields = (Map<String, Object>) layout.computeIfAbsent(key, name -> new LinkedHashMap<String, Object>());
            fields.putIfAbsent("anchor", other);
        }
    }
}
