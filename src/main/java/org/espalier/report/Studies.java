package org.espalier.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.Treatment;
import org.espalier.study.statistics.Interval;
import org.espalier.study.statistics.Statistics;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/** A study's results as a table and as a figure: retraining schedules over budgets, mean and 95 % interval over the seeds. */
public final class Studies {
    private static final double LEVEL = .95;
    /** Plan by plan what is pruned by l1 first, and what is unpruned last. */
    private static final Comparator<Treatment> ORDER = Comparator.comparing(Treatment::isUnpruned).thenComparing(Treatment::plan)
            .thenComparing(Studies::order).thenComparing(Treatment::criterion).thenComparing(Treatment::schedule)
            .thenComparing(Treatment::method);

    private Studies() {
    }

    /** "l1 + CLR": how a result's network was pruned and retrained. */
    public static String treatment(Spec spec) {
        return Treatment.of(spec).label();
    }

    /**
     * What the treatments of these results are called: {@code l1 + CLR}, with the plan in front where there are several, and all of it where
     * two would still be called the same.
     */
    public static Map<Treatment, String> names(List<Result> results) {
        return namesOf(results.stream().map(Result::spec).toList());
    }

    static Map<Treatment, String> namesOf(List<Spec> specs) {
        List<Treatment> treatments = specs.stream().filter(spec -> !spec.isOriginal()).map(Treatment::of).distinct().sorted(ORDER).toList();
        boolean plans = treatments.stream().filter(treatment -> !treatment.isUnpruned()).map(Treatment::plan).distinct().count() > 1;
        Map<Treatment, String> names = new LinkedHashMap<>();
        treatments.forEach(treatment -> names.put(treatment, (plans && !treatment.isUnpruned() ? treatment.plan() + ", " : "") + treatment.label()));
        Map<String, Long> times = names.values().stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        names.replaceAll((treatment, name) -> times.get(name) > 1 ? treatment.text() : name);
        return names;
    }

    /** The change of accuracy in percentage points, a row per treatment and budget. Of a single seed there is no interval. */
    public static Table table(List<Result> results) {
        String networks = results.stream().map(result -> network(result.spec().network())).distinct().collect(Collectors.joining(", "));
        Table table = Table.create("Accuracy" + (networks.isEmpty() ? "" : " of " + networks) + " after the last epoch, against the network before pruning",
                StringColumn.create("pruned by + retrained by"), IntColumn.create("epochs"), IntColumn.create("seeds"), Tables.real("after pruning, %", 2), Tables.real("test accuracy, %", 2),
                Tables.real("change, points", 2), Tables.real("95 % from", 2), Tables.real("to", 2));
        Map<Treatment, String> names = names(results);
        grouped(results).forEach((key, byBudget) -> byBudget.forEach((budget, group) -> Tables.append(table, names.get(key), budget, group.size(),
                100 * mean(group, Result::pruned), 100 * mean(group, Result::last), mean(group, Result::change),
                group.size() < 2 ? Double.NaN : interval(group).low(), group.size() < 2 ? Double.NaN : interval(group).high())));
        return table;
    }

    /** A curve per treatment over the budgets, with the 95 % interval as a band where there are seeds enough. The l1 curves are solid. */
    public static Figure budgets(String title, List<Result> results) {
        List<Curve> curves = curves(results, Spec::epochs);
        if (curves.isEmpty()) {
            curves = List.of(Curve.of("no result yet", new double[] {0}, new double[] {Double.NaN}));
        }
        return Figures.lines(title, "epochs of retraining", "change of test accuracy, points", curves);
    }

    /** @param budget what stands on the x axis */
    static List<Curve> curves(List<Result> results, ToDoubleFunction<Spec> budget) {
        List<Curve> curves = new ArrayList<>();
        Map<Treatment, String> names = names(results);
        grouped(results).forEach((treatment, byBudget) -> {
            List<List<Result>> groups = List.copyOf(byBudget.values());
            double[] x = groups.stream().mapToDouble(group -> budget.applyAsDouble(group.get(0).spec())).toArray();
            Curve curve = Curve.of(names.get(treatment), x, groups.stream().mapToDouble(group -> mean(group, Result::change)).toArray());
            if (groups.stream().allMatch(group -> group.size() > 1)) {
                curve = curve.withBand(groups.stream().mapToDouble(group -> interval(group).low()).toArray(),
                        groups.stream().mapToDouble(group -> interval(group).high()).toArray());
            }
            if (treatment.schedule().contains(" ") && !treatment.schedule().startsWith("lrw")) {
                // Told apart from the same schedule with its usual parameters.
                curve = curve.withColor(Curve.colorOf(treatment.schedule().substring(treatment.schedule().indexOf(' '))));
            }
            curves.add(treatment.criterion().equals("l1") ? curve : curve.withDashes());
        });
        return curves;
    }

    /** {@code ResNet-20}: a network's family and depth as people write them. */
    static String network(String text) {
        return text.split(" ")[0].replaceFirst("^(cifar-)?resnet", "ResNet").replaceFirst("^vgg", "VGG").replaceFirst("^densenet", "DenseNet");
    }

    /** A treatment's results at one budget, the treatment being called as in the table of all these results. */
    public static List<Result> at(List<Result> results, String treatment, int epochs) {
        Map<Treatment, String> names = names(results);
        return results.stream().filter(result -> !result.spec().isOriginal() && names.get(Treatment.of(result.spec())).equals(treatment)
                && result.spec().epochs() == epochs).toList();
    }

    /** What differs in more than its treatment, budget and seeds shares no table and no figure. */
    static void requireComparable(List<Result> results) {
        for (String field : List.of("data", "network", "original", "recipe")) {
            List<String> values = results.stream().map(result -> result.spec().fields().get(field)).distinct().map(value -> value.isEmpty() ? "the usual" : value)
                    .toList();
            if (values.size() > 1) {
                throw new IllegalArgumentException("results that differ in " + field + " (" + String.join("; ", values)
                        + ") can't be compared in one table or figure; choose one, as in results.stream().filter(r -> r.spec()." + field + "().equals(...))");
            }
        }
    }

    private static void requireReplicates(String name, int epochs, List<Result> group) {
        if (group.stream().mapToLong(result -> result.spec().seed()).distinct().count() < group.size()) {
            throw new IllegalArgumentException("several experiments share '" + name + "', " + epochs
                    + " epochs and a seed; choose results of one data set, network, original training and recipe");
        }
    }

    /** By treatment, in the paper's order, and by budget. */
    private static Map<Treatment, Map<Integer, List<Result>>> grouped(List<Result> results) {
        requireComparable(results.stream().filter(result -> !result.spec().isOriginal()).toList());
        Map<Treatment, Map<Integer, List<Result>>> groups = results.stream().filter(result -> !result.spec().isOriginal())
                .sorted(Comparator.comparingLong(result -> result.spec().seed()))
                .collect(Collectors.groupingBy(result -> Treatment.of(result.spec()), () -> new TreeMap<>(ORDER),
                        Collectors.groupingBy(result -> result.spec().epochs(), TreeMap::new, Collectors.toList())));
        groups.forEach((treatment, byBudget) -> byBudget.forEach((epochs, group) -> requireReplicates(treatment.label(), epochs, group)));
        return groups;
    }

    /** FT, LRW, SLR, CLR, as the paper has them, then others. */
    private static int order(Treatment treatment) {
        int schedule = List.of("ft", "lrw", "slr", "clr").indexOf(treatment.schedule().split(" ")[0]);
        return (treatment.isUnpruned() ? 200 : treatment.criterion().equals("l1") ? 0 : 100) + (schedule < 0 ? 50 : schedule);
    }

    private static double mean(List<Result> group, Function<Result, Double> value) {
        return Statistics.mean(group.stream().mapToDouble(value::apply).toArray());
    }

    private static Interval interval(List<Result> group) {
        return Statistics.tInterval(LEVEL, group.stream().mapToDouble(Result::change).toArray());
    }
}
