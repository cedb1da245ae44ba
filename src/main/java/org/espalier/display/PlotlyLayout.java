package org.espalier.display;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A figure's layout as plotly.js wants it, where Tablesaw writes something else: numbers as text, and panels whose axes don't know each other. */
final class PlotlyLayout {
    private PlotlyLayout() { }

    /** The two axes of a panel. */
    private record Axes(String x, String y) { }

    static Map<String, Object> of(FigureScript script) {
        Map<String, Object> layout = new LinkedHashMap<>();
        script.layout().forEach((key, value) -> layout.put(key, key.matches("[xy]axis\\d*") && value instanceof Map<?, ?> axis ? typed(axis) : value));
        List<Axes> panels = script.traces().stream().map(Trace::new).map(trace -> new Axes(trace.text("xaxis", "x"), trace.text("yaxis", "y")))
                .distinct().toList();
        if (panels.size() > 1) {
            panels.forEach(panel -> anchor(layout, panel.x(), panel.y()));
            panels.forEach(panel -> anchor(layout, panel.y(), panel.x()));
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

    /** Lets an axis stand beside the other one of its panel: else plotly.js puts its numbers beside the first panel, or below all of them. */
    @SuppressWarnings("unchecked")
    private static void anchor(Map<String, Object> layout, String axis, String other) {
        String key = axis.charAt(0) + "axis" + axis.substring(1);
        Map<String, Object> fields = (Map<String, Object>) layout.computeIfAbsent(key, name -> new LinkedHashMap<String, Object>());
        fields.putIfAbsent("anchor", other);
    }
}
