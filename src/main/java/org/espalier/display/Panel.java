package org.espalier.display;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/**
 * The traces that share a pair of axes, and what the layout says about these.
 *
 * @param traces at least one
 * @param layout the whole figure's layout
 * @param xAxis the name of the x axis in the layout: "xaxis", "xaxis2"...
 * @param title what stands above the panel, or an empty text
 */
record Panel(List<Trace> traces, Map<String, Object> layout, String xAxis, String yAxis, String title, int width, int height) {
    /** The colours that plotly.js takes in turn. */
    static final Color[] PALETTE = {
        new Color(0x1f77b4), new Color(0xff7f0e), new Color(0x2ca02c), new Color(0xd62728), new Color(0x9467bd),
        new Color(0x8c564b), new Color(0xe377c2), new Color(0x7f7f7f), new Color(0xbcbd22), new Color(0x17becf)};
    private static final Color GRID = new Color(0xe6e6e6);
    private static final Color INK = new Color(0x333333);

    Object x(String field) {
        return Trace.at(layout, xAxis + "." + field);
    }

    Object y(String field) {
        return Trace.at(layout, yAxis + "." + field);
    }

    boolean logX() {
        return "log".equals(x("type"));
    }

    boolean logY() {
        return "log".equals(y("type"));
    }

    static Color paletteColor(int i) {
        return PALETTE[i % PALETTE.length];
    }

    /** Looks alike for all kinds of chart: white, thin grid, the legend outside on the right where there is more than one name. */
    void dress(Chart<?, ?> chart) {
        Styler style = chart.getStyler();
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
        style.setBaseFont(font);
        style.setChartBackgroundColor(Color.WHITE);
        style.setChartFontColor(INK);
        style.setPlotBackgroundColor(Color.WHITE);
        style.setPlotBorderVisible(false);
        style.setChartTitleBoxVisible(false);
        style.setChartTitleFont(font.deriveFont(title.length() > 30 ? 13f : 16f));
        style.setChartTitleVisible(!title.isBlank());
        style.setLegendFont(font);
        style.setLegendBorderColor(Color.WHITE);
        boolean below = "h".equals(Trace.at(layout, "legend.orientation"));
        style.setLegendPosition(below ? Styler.LegendPosition.OutsideS : Styler.LegendPosition.OutsideE);
        style.setLegendLayout(below ? Styler.LegendLayout.Horizontal : Styler.LegendLayout.Vertical);
        style.setAntiAlias(true);
        boolean named = traces.stream().filter(trace -> !trace.name().isBlank() && !"false".equals(trace.text("showlegend", "true"))).count() > 1
                || "true".equals(String.valueOf(layout.get("showlegend")));
        style.setLegendVisible(named && !"false".equals(String.valueOf(layout.get("showlegend"))));
        if (style instanceof AxesChartStyler axes) {
            axes.setPlotGridLinesColor(GRID);
            axes.setPlotGridLinesStroke(new BasicStroke(1f));
            axes.setAxisTickLabelsFont(font);
            axes.setAxisTitleFont(font.deriveFont(14f));
            axes.setAxisTickMarksColor(GRID);
            axes.setAxisTickLabelsColor(INK);
            axes.setAxisTicksLineVisible(false);
            axes.setPlotTicksMarksVisible(false);
            axes.setErrorBarsColorSeriesColor(true);
            axes.setTimezone(java.util.TimeZone.getTimeZone("UTC"));
            axes.setLocale(java.util.Locale.ROOT);
        }
        chart.setTitle(title);
        if (chart instanceof AxesChart<?, ?> axes) {
            axes.setXAxisTitle(axisTitle(x("title")));
            axes.setYAxisTitle(axisTitle(y("title")));
        }
    }

    private static String axisTitle(Object title) {
        Object text = title instanceof Map<?, ?> map ? map.get("text") : title;
        return text == null ? "" : text.toString();
    }

    /** The given range of an axis, or null; on a log axis plotly.js gives exponents. */
    double[] range(Object range, boolean log) {
        if (!(range instanceof List<?> ends) || ends.size() != 2) {
            return null;
        }
        double low = Trace.parse(ends.get(0), Double.NaN);
        double high = Trace.parse(ends.get(1), Double.NaN);
        if (Double.isNaN(low) || Double.isNaN(high)) {
            return null;
        }
        return log ? new double[] {Math.pow(10, low), Math.pow(10, high)} : new double[] {low, high};
    }
}
