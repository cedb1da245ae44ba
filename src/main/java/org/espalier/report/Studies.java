package org.espalier.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.statistics.Interval;
import org.espalier.study.statistics.Statistics;
import org.espalier.train.Schedule;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/** A study's results as a table and as a figure: retraining schedules over budgets, mean and 95 % interval over the seeds. */
public final class Studies {
    private static final double LEVEL = .95;

    private Studies() {
    }

    /** "l1 + CLR": how a result's network was pruned and retrained. */
    public static String treatment(Spec spec) {
        return spec.criterion() + " + " + Schedule.parse(spec.schedule()).label();
    }

    /** The change of accuracy in percentage points, a row per treatment and budget. Of a single seed there is no interval. */
    public static Table table(List<Result> results) {
        StringColumn treatment = StringColumn.create("pruned by + retrained by");
        IntColumn epochs = IntColumn.create("epochs");
        IntColumn seeds = IntColumn.create("seeds");
        DoubleColumn pruned = Tables.real("after pruning, %", 2);
        DoubleColumn accuracy = Tables.real("test accuracy, %", 2);
        DoubleColumn change = Tables.real("change, points", 2);
        DoubleColumn low = Tables.real("95 % from", 2);
        DoubleColumn high = Tables.real("to", 2);
        grouped(results).forEach((name, byBudget) -> byBudget.forEach((budget, group) -> {
            treatment.append(name);
            epochs.append(budget);
            seeds.append(group.size());
            pruned.append(100 * mean(group, Result::pruned));
            accuracy.append(100 * mean(group, Result::last));
            change.append(mean(group, Result::change));
            low.append(group.size() < 2 ? Double.NaN : interval(group).low());
            high.append(group.size() < 2 ? Double.NaN : interval(group).high());
        }));
        return Table.create("Accuracy after the last epoch, against the network before pruning", treatment, epochs, seeds, pruned, accuracy, change, low, high);
    }

    /** A curve per treatment over the budgets, with the 95 % interval as a band where there are seeds enough. The l1 curves are solid. */
    public static Figure budgets(String title, List<Result> results) {
        List<Curve> curves = new ArrayList<>();
        grouped(results).forEach((name, byBudget) -> {
            double[] x = byBudget.keySet().stream().mapToDouble(Integer::doubleValue).toArray();
            List<List<Result>> groups = List.copyOf(byBudget.values());
            Curve curve = Curve.of(name, x, groups.stream().mapToDouble(group -> mean(group, Result::change)).toArray());
            if (groups.stream().allMatch(group -> group.size() > 1)) {
                curve = curve.withBand(groups.stream().mapToDouble(group -> interval(group).low()).toArray(),
                        groups.stream().mapToDouble(group -> interval(group).high()).toArray());
            }
            curves.add(name.startsWith("l1") ? curve : curve.withDashes());
        });
        return Figures.lines(title, "epochs of retraining", "change of test accuracy, points", curves);
    }

    /** A treatment's results at one budget. */
    public static List<Result> at(List<Result> results, String treatment, int epochs) {
        return results.stream().filter(result -> !result.spec().isOriginal() && treatment(result.spec()).equals(treatment) && result.spec().epochs() == epochs).toList();
    }

    /** The mean change over all budgets and seeds, by treatment, best first. */
    public static Table ranking(List<Result> results) {
        Map<String, Double> means = results.stream().filter(result -> !result.spec().isOriginal())
                .collect(Collectors.groupingBy(result -> treatment(result.spec()), Collectors.averagingDouble(Result::change)));
        StringColumn treatment = StringColumn.create("pruned by + retrained by");
        DoubleColumn change = Tables.real("mean change over all budgets, points", 2);
        means.entrySet().stream().sorted(Map.Entry.<String, Double>comparingByValue().reversed()).forEach(entry -> {
            treatment.append(entry.getKey());
            change.append(entry.getValue());
        });
        return Table.create("Ranking", treatment, change);
    }

    private static void requireReplicates(String name, int epochs, List<Result> group) {
        if (group.stream().mapToLong(result -> result.spec().seed()).distinct().count() < group.size()) {
            throw new IllegalArgumentException("several experiments share '" + name + "', " + epochs
                    + " epochs and a seed; choose results of one plan, network, recipe and schedule");
        }
    }

    private static Map<String, Map<Integer, List<Result>>> grouped(List<Result> results) {
        Function<Result, String> treatment = result -> treatment(result.spec());
        Map<String, Map<Integer, List<Result>>> groups = results.stream().filter(result -> !result.spec().isOriginal()).sorted(Comparator.comparingLong(result -> result.spec().seed()))
                .collect(Collectors.groupingBy(treatment, LinkedHashMap::new, Collectors.groupingBy(result -> result.spec().epochs(), TreeMap::new, Collectors.toList())))
                .entrySet().stream().sorted(Comparator.comparingInt(entry -> order(entry.getKey())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
        groups.forEach((name, byBudget) -> byBudget.forEach((epochs, group) -> requireReplicates(name, epochs, group)));
        return groups;
    }

    /** In the paper's order: FT, LRW, SLR, CLR, first by l1. */
    private static int order(String treatment) {
        int schedule = List.of("FT", "LRW", "SLR", "CLR").indexOf(treatment.substring(treatment.lastIndexOf(' ') + 1));
        return (treatment.toLowerCase(Locale.ROOT).startsWith("l1") ? 0 : 100) + (schedule < 0 ? 50 : schedule);
    }

    private static double mean(List<Result> group, Function<Result, Double> value) {
        return Statistics.mean(group.stream().mapToDouble(value::apply).toArray());
    }

    private static Interval interval(List<Result> group) {
        return Statistics.tInterval(LEVEL, group.stream().mapToDouble(Result::change).toArray());
    }
}
