package org.espalier.display;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.traces.Trace;

/**
 * A figure of several panels in rows of two, each with a title of one line or two, whose axes are all alike: as the layout has its first ones. The traces of
 * panel n are on the axes {@code xn} and {@code yn}, those of the first on {@code x} and {@code y}.
 */
public final class PanelFigure extends Figure {
    private static final int COLUMNS = 2;
    private static final double BETWEEN_COLUMNS = .12;
    /** In pixels, as the next two: numbers and title of an axis, and the title of a panel in two lines. */
    private static final double BETWEEN_ROWS = 100;
    private static final int ABOVE = 85;
    private static final int BELOW = 100;

    private final List<String> titles;

    public PanelFigure(Layout layout, List<String> titles, Trace... traces) {
        super(layout, traces);
        this.titles = List.copyOf(titles);
    }

    /** What Tablesaw's layouts have no words for: titles of panels, more than four pairs of axes, a legend below. */
    void complete(Map<String, Object> layout) {
        int columns = Math.min(COLUMNS, titles.size());
        int rows = (titles.size() + columns - 1) / columns;
        double height = org.espalier.display.Trace.parse(layout.get("height"), 450) - ABOVE - BELOW;
        double gap = BETWEEN_ROWS / height;
        double across = (1 - BETWEEN_COLUMNS * (columns - 1)) / columns;
        double down = (1 - gap * (rows - 1)) / rows;
        List<Object> annotations = new ArrayList<>();
        Object xAxis = layout.get("xaxis");
        Object yAxis = layout.get("yaxis");
        for (int i = 0; i < titles.size(); i++) {
            double left = i % columns * (across + BETWEEN_COLUMNS);
            int row = i / columns;
            double top = 1 - row * (down + gap);
            String panel = i == 0 ? "" : String.valueOf(i + 1);
            layout.put("xaxis" + panel, with(xAxis, List.of(left, left + across)));
            layout.put("yaxis" + panel, with(yAxis, List.of(Math.max(0, top - down), top)));
            annotations.add(Map.of("text", titles.get(i).replace("\n", "<br>"), "showarrow", false, "xref", "paper", "yref", "paper", "x", left, "xanchor", "left", "y", top,
                    "yanchor", "bottom", "font", Map.of("size", 13)));
        }
        layout.put("annotations", annotations);
        layout.put("grid", Map.of("rows", rows, "columns", columns, "pattern", "independent"));
        layout.put("legend", Map.of("orientation", "h", "x", 0, "y", -55 / height, "yanchor", "top"));
        layout.put("margin", Map.of("l", 65, "r", 15, "t", ABOVE, "b", BELOW));
    }

    private static Map<String, Object> with(Object axis, List<Double> domain) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (axis instanceof Map<?, ?> given) {
            given.forEach((key, value) -> copy.put(key.toString(), value));
        }
        copy.put("domain", domain);
        return copy;
    }
}
