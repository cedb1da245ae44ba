package org.espalier.display;

import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.knowm.xchart.BoxChart;
import org.knowm.xchart.BoxChartBuilder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.PieChart;
import org.knowm.xchart.style.BoxStyler;

/** Bars, boxes, heat maps and pies. */
final class OtherPictures {
    private OtherPictures() { }

    static CategoryChart bars(Panel panel) {
        CategoryChart chart = new CategoryChart(panel.width(), panel.height());
        panel.dress(chart);
        boolean stacked = "stack".equals(String.valueOf(panel.layout().get("barmode"))) || "relative".equals(panel.layout().get("barmode"));
        chart.getStyler().setStacked(stacked);
        chart.getStyler().setOverlapped("overlay".equals(String.valueOf(panel.layout().get("barmode"))));
        chart.getStyler().setYAxisLogarithmic(panel.logY());
        Set<String> names = new LinkedHashSet<>();
        for (Trace trace : panel.traces()) {
            if (trace.text("orientation", "v").equals("h")) {
                throw new NoPicture("no static picture for bars that lie");
            }
            names.addAll(trace.strings("x"));
        }
        int number = 0;
        for (Trace trace : panel.traces()) {
            Map<String, Double> heights = new LinkedHashMap<>();
            Map<String, Double> errors = new LinkedHashMap<>();
            names.forEach(name -> heights.put(name, 0.0));
            List<String> x = trace.strings("x");
            double[] y = trace.numbers("y");
            List<?> error = Trace.at(trace.fields(), "error_y.array") instanceof List<?> list ? list : List.of();
            if (Trace.at(trace.fields(), "error_y.arrayminus") != null) {
                throw new NoPicture("no static picture for bars whose errors differ above and below");
            }
            if (new LinkedHashSet<>(x).size() < x.size()) {
                throw new NoPicture("no static picture for bars that stand in the same place: give each bar a name of its own");
            }
            for (int i = 0; i < Math.min(x.size(), y.length); i++) {
                heights.put(x.get(i), Double.isNaN(y[i]) ? 0 : y[i]);
                if (i < error.size()) {
                    errors.put(x.get(i), Trace.parse(error.get(i), 0));
                }
            }
            List<Double> bars = new ArrayList<>(heights.values());
            CategorySeries series = error.isEmpty() ? chart.addSeries("series " + number, new ArrayList<>(names), bars)
                    : chart.addSeries("series " + number, new ArrayList<>(names), bars,
                            names.stream().map(name -> errors.getOrDefault(name, 0.0)).toList());
            series.setLabel(trace.name().isBlank() ? " " : trace.name());
            Color color = Trace.color(Trace.at(trace.fields(), "marker.color"), Panel.paletteColor(number++));
            double opacity = Math.max(0, Math.min(1, trace.number("opacity", 1)));
            series.setFillColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), (int) Math.round(opacity * color.getAlpha())));
        }
        chart.getStyler().setErrorBarsColorSeriesColor(false);
        chart.getStyler().setErrorBarsColor(Color.DARK_GRAY);
        return chart;
    }

    static BoxChart boxes(Panel panel) {
        BoxChart chart = new BoxChartBuilder().width(panel.width()).height(panel.height()).build();
        panel.dress(chart);
        chart.getStyler().setBoxplotCalCulationMethod(BoxStyler.BoxplotCalCulationMethod.N_LESS_1_PLUS_1);
        chart.getStyler().setLegendVisible(false);
        for (Trace trace : panel.traces()) {
            Map<String, List<Double>> groups = new LinkedHashMap<>();
            List<String> x = trace.strings("x");
            double[] y = trace.numbers("y");
            for (int i = 0; i < y.length; i++) {
                if (!Double.isNaN(y[i])) {
                    groups.computeIfAbsent(i < x.size() ? x.get(i) : trace.name(), name -> new ArrayList<>()).add(y[i]);
                }
            }
            groups.forEach((name, values) -> chart.addSeries(name.isBlank() ? " " : name, values));
        }
        return chart;
    }

    static HeatMapChart heatMap(Panel panel) {
        if (panel.traces().size() != 1) {
            throw new NoPicture("no static picture for heat maps that lie over each other");
        }
        HeatMapChart chart = new HeatMapChart(panel.width(), panel.height());
        panel.dress(chart);
        Trace trace = panel.traces().get(0);
        List<String> x = trace.strings("x");
        List<String> y = trace.strings("y");
        List<Number[]> cells = new ArrayList<>();
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int r = 0; r < trace.list("z").size(); r++) {
            List<?> row = trace.list("z").get(r) instanceof List<?> list ? list : List.of();
            for (int c = 0; c < row.size(); c++) {
                double value = Trace.parse(row.get(c), Double.NaN);
                if (!Double.isNaN(value)) {
                    cells.add(new Number[] {c, r, value});
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
            }
        }
        chart.getStyler().setMin(low);
        chart.getStyler().setMax(high);
        chart.getStyler().setRangeColors(new Color[] {new Color(0xf7fbff), new Color(0x6baed6), new Color(0x08306b)});
        chart.getStyler().setLegendVisible(true);
        chart.getStyler().setShowValue(cells.size() <= 150);
        chart.addSeries("heat map", x, y, cells);
        return chart;
    }

    static PieChart pie(Panel panel) {
        PieChart chart = new PieChart(panel.width(), panel.height());
        panel.dress(chart);
        Trace trace = panel.traces().get(0);
        List<String> labels = trace.strings("labels");
        double[] values = trace.numbers("values");
        for (int i = 0; i < Math.min(labels.size(), values.length); i++) {
            chart.addSeries(labels.get(i), values[i]).setFillColor(Panel.paletteColor(i));
        }
        chart.getStyler().setLegendVisible(true);
        return chart;
    }
}
