package org.espalier.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.espalier.display.PanelFigure;
import org.espalier.train.Budget;
import org.espalier.train.Epoch;
import org.espalier.train.Run;
import org.espalier.train.Schedule;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.components.Line;
import tech.tablesaw.plotly.traces.ScatterTrace;
import tech.tablesaw.plotly.traces.Trace;

/** Tablesaw figures of this project's values. */
public final class Figures {
    private static final int WIDTH = 760;
    private static final int STEPS_PER_EPOCH = 8;

    private Figures() {
    }

    /** Curves over one pair of axes. */
    public static Figure lines(String title, String x, String y, List<Curve> curves) {
        List<Trace> traces = traces(curves, "");
        Layout layout = Layout.builder().title(title).width(WIDTH).height(460).xAxis(axis(x)).yAxis(axis(y)).showLegend(true).build();
        return new Figure(layout, traces.toArray(Trace[]::new));
    }

    /**
     * Panels in rows of two over axes that are all alike, so that one can be compared with another, of this figure or of another.
     *
     * @param panels by their titles, which may have a second line behind a line break
     * @param xEnds  of every x axis, such as {@link #ends} finds them
     */
    public static Figure panels(String title, String x, double[] xEnds, String y, double[] yEnds, Map<String, List<Curve>> panels) {
        List<Trace> traces = new ArrayList<>();
        int number = 0;
        for (List<Curve> curves : panels.values()) {
            number++;
            traces.addAll(traces(curves, number == 1 ? "" : String.valueOf(number)));
        }
        boolean severalNames = panels.values().stream().anyMatch(curves -> curves.size() > 1);
        Layout layout = Layout.builder().title(title).width(WIDTH).height(220 + 300 * ((panels.size() + 1) / 2)).showLegend(severalNames)
                .xAxis(Axis.builder().title(x).range(xEnds[0], xEnds[1]).build()).yAxis(Axis.builder().title(y).range(yEnds[0], yEnds[1]).build()).build();
        return new PanelFigure(layout, List.copyOf(panels.keySet()), traces.toArray(Trace[]::new));
    }

    /** The lowest and the highest of these, and a little beyond. */
    public static double[] ends(DoubleStream values) {
        DoubleSummaryStatistics seen = values.filter(Double::isFinite).summaryStatistics();
        double beyond = seen.getCount() == 0 ? 0 : .05 * Math.max(seen.getMax() - seen.getMin(), 1e-9);
        return seen.getCount() == 0 ? new double[] {0, 1} : new double[] {seen.getMin() - beyond, seen.getMax() + beyond};
    }

    /** The learning rate of each schedule over a budget, a panel each, in rows of two. */
    public static Figure schedules(int epochs, Schedule... schedules) {
        if (schedules.length == 0) {
            throw new IllegalArgumentException("there is no schedule to draw over " + epochs + " epochs; plot(" + epochs + ", ft(), clr()) draws two");
        }
        Map<String, List<Curve>> panels = new LinkedHashMap<>();
        Budget budget = new Budget(epochs, STEPS_PER_EPOCH);
        double[] x = IntStream.range(0, (int) budget.steps()).mapToDouble(step -> (double) step / STEPS_PER_EPOCH).toArray();
        for (Schedule schedule : schedules) {
            double[] y = IntStream.range(0, x.length).mapToDouble(step -> schedule.learningRate(step, budget)).toArray();
            String title = "(" + (char) ('a' + panels.size()) + ") " + schedule.label();
            panels.put(title, List.of(Curve.of(schedule.label(), x, y)));
        }
        double highest = panels.values().stream().flatMapToDouble(curves -> Arrays.stream(curves.get(0).y())).max().orElse(1);
        return panels("Learning rate over " + epochs + " epochs of retraining", "epoch", new double[] {0, epochs}, "learning rate",
                new double[] {0, 1.05 * highest}, panels);
    }

    /** Test accuracy after every epoch, from before the first. Further runs of the same name are dashed, and numbered; {@link Run#named} gives each its own. */
    public static Figure accuracies(Run... runs) {
        Map<String, Integer> times = new HashMap<>();
        return lines("Test accuracy by epoch", "epochs", "test accuracy, %", Arrays.stream(runs).map(run -> {
            double[] x = new double[run.history().size() + 1];
            double[] y = new double[x.length];
            y[0] = 100 * run.start().accuracy();
            for (Epoch epoch : run.history()) {
                x[epoch.number()] = epoch.number();
                y[epoch.number()] = 100 * epoch.testAccuracy();
            }
            String label = run.name();
            int time = times.merge(label, 1, Integer::sum);
            return time == 1 ? Curve.of(label, x, y) : Curve.of(label + ", run " + time, x, y).withDashes();
        }).toList());
    }

    /** @param axes the number of the axes that they are drawn on; empty for the first */
    private static List<Trace> traces(List<Curve> curves, String axes) {
        List<ScatterTrace.ScatterBuilder> traces = new ArrayList<>();
        for (Curve curve : curves) {
            if (curve.low().length > 0) {
                traces.add(edge(curve, curve.low()));
                traces.add(edge(curve, curve.high()).fill(ScatterTrace.Fill.TO_NEXT_Y).fillColor(translucent(curve.color())));
            }
            ScatterTrace.ScatterBuilder line = ScatterTrace.builder(curve.x(), curve.y()).line(line(curve))
                    .mode(curve.x().length > 60 ? ScatterTrace.Mode.LINE : ScatterTrace.Mode.LINE_AND_MARKERS);
            line.name(curve.name());
            traces.add(line);
        }
        return traces.stream().map(trace -> (Trace) (axes.isEmpty() ? trace : trace.xAxis("x" + axes).yAxis("y" + axes)).build()).toList();
    }

    private static ScatterTrace.ScatterBuilder edge(Curve curve, double[] y) {
        ScatterTrace.ScatterBuilder edge = ScatterTrace.builder(curve.x(), y).mode(ScatterTrace.Mode.LINE)
                .line(Line.builder().width(0).color(translucent(curve.color())).build());
        edge.name(curve.name()).showLegend(false);
        return edge;
    }

    private static Line line(Curve curve) {
        return Line.builder().color(curve.color()).width(2).dash(curve.dashed() ? Line.Dash.DASH : Line.Dash.SOLID).build();
    }

    private static Axis axis(String title) {
        return Axis.builder().title(title).build();
    }

    private static String translucent(String color) {
        int rgb = Integer.parseInt(color.substring(1), 16);
        return "rgba(" + (rgb >> 16) + "," + (rgb >> 8 & 255) + "," + (rgb & 255) + ",0.15)";
    }
}
