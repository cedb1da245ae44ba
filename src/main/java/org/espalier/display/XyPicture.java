package org.espalier.display;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.markers.Circle;
import org.knowm.xchart.style.markers.Cross;
import org.knowm.xchart.style.markers.Diamond;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.None;
import org.knowm.xchart.style.markers.Square;
import org.knowm.xchart.style.markers.TriangleDown;
import org.knowm.xchart.style.markers.TriangleUp;

/** Lines and points, with error bars and bands. */
final class XyPicture {
    private static final Map<String, Marker> MARKERS = Map.of("square", new Square(), "diamond", new Diamond(), "cross", new Cross(),
            "x", new Cross(), "triangle-up", new TriangleUp(), "triangle-down", new TriangleDown());

    private final Panel panel;
    private final XYChart chart;
    private final AxisKind kind;
    private final List<String> categories = new ArrayList<>();
    private int unnamed;

    private XyPicture(Panel panel) {
        this.panel = panel;
        chart = new XYChart(panel.width(), panel.height());
        kind = panel.traces().stream().map(trace -> trace.kind("x")).reduce((a, b) -> a == b ? a : AxisKind.CATEGORIES).orElseThrow();
    }

    static XYChart of(Panel panel) {
        XyPicture picture = new XyPicture(panel);
        panel.dress(picture.chart);
        picture.axes();
        picture.draw();
        return picture.chart;
    }

    private void axes() {
        AxesChartStyler style = chart.getStyler();
        style.setXAxisLogarithmic(panel.logX());
        style.setYAxisLogarithmic(panel.logY());
        double[] x = kind == AxisKind.NUMBERS ? panel.range(panel.x("range"), panel.logX()) : null;
        if (x != null) {
            style.setXAxisMin(x[0]).setXAxisMax(x[1]);
        }
        double[] y = panel.range(panel.y("range"), panel.logY());
        if (y != null) {
            style.setYAxisMin(y[0]).setYAxisMax(y[1]);
        }
        if (kind == AxisKind.CATEGORIES) {
            for (Trace trace : panel.traces()) {
                trace.strings("x").stream().filter(name -> !categories.contains(name)).forEach(categories::add);
            }
            style.setXAxisTickLabelsFormattingFunction(at -> at == Math.rint(at) && at >= 0 && at < categories.size()
                    ? categories.get((int) Math.round(at)) : "");
            style.setXAxisMin(-0.5).setXAxisMax(categories.size() - 0.5);
        }
    }

    /** Fills first, so that they lie under every line. */
    private void draw() {
        List<Trace> traces = panel.traces();
        for (int i = 0; i < traces.size(); i++) {
            if (!traces.get(i).text("fill", "none").equals("none")) {
                fill(i);
            }
        }
        for (int i = 0; i < traces.size(); i++) {
            Trace trace = traces.get(i);
            errorBars(trace, color(i));
            line(trace, color(i));
        }
    }

    private Color color(int i) {
        Trace trace = panel.traces().get(i);
        Color line = Trace.color(Trace.at(trace.fields(), "line.color"), null);
        return line != null ? line : Trace.color(Trace.at(trace.fields(), "marker.color"), Panel.paletteColor(i));
    }

    private double[] xs(Trace trace) {
        return switch (kind) {
            case NUMBERS -> drawable(trace.numbers("x"), panel.logX());
            case DATES -> trace.times("x");
            case CATEGORIES -> trace.strings("x").stream().mapToDouble(categories::indexOf).toArray();
        };
    }

    private double[] ys(Trace trace) {
        if (trace.kind("y") != AxisKind.NUMBERS) {
            throw new NoPicture("no static picture for words or dates on the y axis");
        }
        return drawable(trace.numbers("y"), panel.logY());
    }

    private static double[] drawable(double[] values, boolean logarithmic) {
        return Arrays.stream(values).map(value -> Double.isFinite(value) && (value > 0 || !logarithmic) ? value : Double.NaN).toArray();
    }

    private void fill(int i) {
        Trace trace = panel.traces().get(i);
        double[] x = xs(trace);
        double[] y = ys(trace);
        double[] lowerX;
        double[] lowerY;
        switch (trace.text("fill", "none")) {
            case "tozeroy" -> {
                lowerX = x;
                lowerY = new double[x.length];
            }
            case "tonexty" -> {
                lowerX = i == 0 ? x : xs(panel.traces().get(i - 1));
                lowerY = i == 0 ? new double[x.length] : ys(panel.traces().get(i - 1));
            }
            default -> throw new NoPicture("no static picture for the fill '" + trace.text("fill", "none") + "'");
        }
        double[] aroundX = new double[x.length + lowerX.length];
        double[] aroundY = new double[aroundX.length];
        for (int k = 0; k < x.length; k++) {
            aroundX[k] = x[k];
            aroundY[k] = y[k];
        }
        for (int k = 0; k < lowerX.length; k++) {
            aroundX[x.length + k] = lowerX[lowerX.length - 1 - k];
            aroundY[x.length + k] = lowerY[lowerX.length - 1 - k];
        }
        Color own = color(i);
        Color faint = Trace.color(trace.fields().get("fillcolor"), new Color(own.getRed(), own.getGreen(), own.getBlue(), 128));
        XYSeries series = add(aroundX, aroundY);
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
        series.setFillColor(faint).setShowInLegend(false);
        series.setMarker(new None()).setLineColor(new Color(0, 0, 0, 0));
    }

    private void line(Trace trace, Color color) {
        double[] x = xs(trace);
        double[] y = ys(trace);
        String mode = trace.text("mode", "lines+markers");
        if (mode.contains("text")) {
            throw new NoPicture("no static picture for text in place of points");
        }
        if (Trace.at(trace.fields(), "marker.color") instanceof List<?> || Trace.at(trace.fields(), "marker.size") instanceof List<?>) {
            throw new NoPicture("no static picture for points whose colour or size differs from point to point");
        }
        boolean lines = mode.contains("lines");
        double width = Trace.parse(Trace.at(trace.fields(), "line.width"), 2);
        XYSeries series = add(x, y);
        series.setLabel(trace.name().isBlank() ? " " : trace.name());
        series.setShowInLegend(!trace.name().isBlank() && !trace.text("showlegend", "true").equals("false"));
        String shape = String.valueOf(Trace.at(trace.fields(), "line.shape"));
        series.setXYSeriesRenderStyle(!lines ? XYSeriesRenderStyle.Scatter
                : shape.equals("hv") ? XYSeriesRenderStyle.Step : XYSeriesRenderStyle.Line);
        series.setSmooth(shape.equals("spline"));
        boolean invisible = width == 0 || color.getAlpha() == 0;
        series.setLineColor(invisible ? new Color(0, 0, 0, 0) : color);
        series.setLineStyle(new BasicStroke((float) Math.max(width, 0.1), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10f,
                dash(String.valueOf(Trace.at(trace.fields(), "line.dash")), (float) width), 0f));
        String symbol = String.valueOf(Trace.at(trace.fields(), "marker.symbol"));
        series.setMarker(mode.contains("markers") ? MARKERS.getOrDefault(symbol, new Circle()) : new None());
        series.setMarkerColor(Trace.color(Trace.at(trace.fields(), "marker.color"), color));
        double size = Trace.parse(Trace.at(trace.fields(), "marker.size"), 6);
        chart.getStyler().setMarkerSize((int) Math.round(Math.max(2, size)));
    }

    private static float[] dash(String name, float width) {
        float unit = Math.max(width, 1);
        return switch (name) {
            case "dash" -> new float[] {4.5f * unit, 4.5f * unit};
            case "dot" -> new float[] {1.5f * unit, 1.5f * unit};
            case "dashdot" -> new float[] {4.5f * unit, 2f * unit, 1.5f * unit, 2f * unit};
            case "longdash" -> new float[] {8f * unit, 4f * unit};
            default -> null;
        };
    }

    /** One series of separate upright strokes: XChart's own error bars know one length for both sides only. */
    private void errorBars(Trace trace, Color color) {
        if (Trace.at(trace.fields(), "error_x.array") != null) {
            throw new NoPicture("no static picture for error bars along x");
        }
        if (!(Trace.at(trace.fields(), "error_y") instanceof Map<?, ?> error) || "false".equals(String.valueOf(error.get("visible")))) {
            return;
        }
        if (!(error.get("array") instanceof List<?> above)) {
            throw new NoPicture("no static picture for error bars of the type '" + error.get("type") + "'");
        }
        List<?> below = error.get("arrayminus") instanceof List<?> list && !"true".equals(String.valueOf(error.get("symmetric"))) ? list : above;
        double[] x = xs(trace);
        double[] y = ys(trace);
        double[] barX = new double[3 * x.length];
        double[] barY = new double[3 * x.length];
        for (int k = 0; k < x.length; k++) {
            Arrays.fill(barX, 3 * k, 3 * k + 3, x[k]);
            barY[3 * k] = y[k] - (k < below.size() ? Trace.parse(below.get(k), 0) : 0);
            barY[3 * k + 1] = y[k] + (k < above.size() ? Trace.parse(above.get(k), 0) : 0);
            barY[3 * k + 2] = Double.NaN;
        }
        XYSeries series = add(barX, barY);
        series.setShowInLegend(false);
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
        series.setMarker(new None()).setLineColor(Trace.color(error.get("color"), color))
                .setLineStyle(new BasicStroke((float) Trace.parse(error.get("thickness"), 1.5)));
    }

    @SuppressWarnings("JavaUtilDate") // XChart's own type for dates.
    private XYSeries add(double[] x, double[] y) {
        String name = "series " + unnamed++;
        if (kind != AxisKind.DATES) {
            return chart.addSeries(name, x, y);
        }
        List<Date> dates = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (int k = 0; k < x.length; k++) {
            if (!Double.isNaN(x[k])) {
                dates.add(new Date((long) x[k]));
                values.add(y[k]);
            }
        }
        return chart.addSeries(name, dates, values);
    }
}
