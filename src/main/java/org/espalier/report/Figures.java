package org.espalier.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.train.Budget;
import org.espalier.train.Epoch;
import org.espalier.train.Run;
import org.espalier.train.Schedule;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Grid;
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
        List<Trace> traces = new ArrayList<>();
        for (Curve curve : curves) {
            if (curve.low().length > 0) {
                traces.add(edge(curve, curve.low()).build());
                traces.add(edge(curve, curve.high()).fill(ScatterTrace.Fill.TO_NEXT_Y).fillColor(translucent(curve.color())).build());
            }
            ScatterTrace.ScatterBuilder line = ScatterTrace.builder(curve.x(), curve.y()).line(line(curve))
                    .mode(curve.x().length > 60 ? ScatterTrace.Mode.LINE : ScatterTrace.Mode.LINE_AND_MARKERS);
            line.name(curve.name());
            traces.add(line.build());
        }
        Layout layout = Layout.builder().title(title).width(WIDTH).height(460).xAxis(axis(x)).yAxis(axis(y)).showLegend(true).build();
        return new Figure(layout, traces.toArray(Trace[]::new));
    }

    /** The learning rate of each schedule over a budget, a panel each, in rows of two. */
    public static Figure schedules(int epochs, Schedule... schedules) {
        if (schedules.length == 0) {
            throw new IllegalArgumentException("there is no schedule to draw over " + epochs + " epochs; plot(" + epochs + ", ft(), clr()) draws two");
        }
        Trace[] traces = new Trace[schedules.length];
        double highest = 0;
        for (int i = 0; i < schedules.length; i++) {
            Budget budget = new Budget(epochs, STEPS_PER_EPOCH);
            double[] x = new double[(int) budget.steps()];
            double[] y = new double[x.length];
            for (int step = 0; step < x.length; step++) {
                x[step] = (double) step / STEPS_PER_EPOCH;
                y[step] = schedules[i].learningRate(step, budget);
                highest = Math.max(highest, y[step]);
            }
            String panel = i == 0 ? "" : String.valueOf(i + 1);
            ScatterTrace.ScatterBuilder trace = ScatterTrace.builder(x, y).mode(ScatterTrace.Mode.LINE).line(line(Curve.of(schedules[i].label(), x, y)))
                    .xAxis("x" + panel).yAxis("y" + panel);
            trace.name("(" + (char) ('a' + i) + ") " + schedules[i].label());
            traces[i] = trace.build();
        }
        Axis rate = Axis.builder().title("learning rate").range(0, 1.05 * highest).build();
        Layout.LayoutBuilder layout = Layout.builder().title("Learning rate over " + epochs + " epochs of retraining").width(WIDTH)
                .height(300 * ((schedules.length + 1) / 2)).showLegend(true).yAxis(rate).yAxis2(rate).yAxis3(rate).yAxis4(rate)
                .grid(Grid.builder().rows((schedules.length + 1) / 2).columns(Math.min(2, schedules.length)).pattern(Grid.Pattern.INDEPENDENT).build());
        return new Figure(layout.build(), traces);
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
