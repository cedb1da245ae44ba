package org.espalier.study;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.espalier.method.Method;

/**
 * What a comparison of experiments holds equal, and what it doesn't. Wang et al. ("Why is the State of Neural Network Pruning so Confusing?", 2023)
 * order comparisons so: by the base network alone; by the epochs of the retraining, too; by its schedule; by the cost of pruning and
 * retraining; by the cost with the original's training. The aspects stand in that order.
 *
 * @param rows one for each aspect
 */
public record HeldEqual(List<Row> rows) {
    /** Costs and sizes within this ratio count as equal: no plan meets another's exactly. */
    public static final double RATIO = 1.01;

    /** @param values of the experiments, for people */
    public record Row(Aspect aspect, boolean isEqual, String values) {
    }

    /** What may be equal. */
    public enum Aspect {
        DATA("data", result -> result.spec().data()),
        BASE_NETWORK("original networks", result -> !Method.parse(result.spec().method()).startsFromOriginal() ? "none, initial weights"
                : result.spec().parent().id() + " " + result.originalSha256()),
        SEEDS("seeds", result -> "" + result.spec().seed()),
        RECIPE("batch size, weight decay, augmentation", result -> result.spec().recipe().isEmpty() ? "the paper's" : result.spec().recipe()),
        RETRAINING_EPOCHS("epochs of the retraining", result -> result.spec().epochs(), 1),
        SCHEDULE("schedule of the retraining", result -> result.spec().schedule()),
        PRUNING_AND_RETRAINING("epochs of pruning and retraining", result -> TotalCost.of(result).pruningAndRetraining().epochs(), 1),
        ALL_EPOCHS("epochs in all", result -> TotalCost.of(result).all().epochs(), 1),
        MAC_EPOCHS("millions of MAC-epochs in all", result -> TotalCost.of(result).all().macEpochs(), 1e6),
        PARAMETERS("parameters", result -> result.parameters(), 1),
        MACS("millions of MACs", result -> result.macs(), 1e6);

        private final String label;
        private final Function<Result, String> text;
        private final ToDoubleFunction<Result> number;
        private final double unit;

        Aspect(String label, Function<Result, String> text) {
            this(label, text, null, 0);
        }

        Aspect(String label, ToDoubleFunction<Result> number, double unit) {
            this(label, null, number, unit);
        }

        Aspect(String label, Function<Result, String> text, ToDoubleFunction<Result> number, double unit) {
            this.label = label;
            this.text = text;
            this.number = number;
            this.unit = unit;
        }

        private Row of(List<List<Result>> experiments) {
            return number == null ? ofTexts(experiments) : ofNumbers(experiments);
        }

        private Row ofTexts(List<List<Result>> experiments) {
            Set<String> all = new TreeSet<>();
            Set<Set<String>> sets = experiments.stream().map(results -> results.stream().map(text).collect(Collectors.toCollection(TreeSet::new)))
                    .peek(all::addAll).collect(Collectors.toSet());
            String values = this == BASE_NETWORK ? all.size() + (all.size() == 1 ? " network" : " networks") : all.size() > 6 ? all.size() + " values"
                    : String.join("; ", all);
            return new Row(this, sets.size() == 1, values);
        }

        private Row ofNumbers(List<List<Result>> experiments) {
            DoubleSummaryStatistics means = experiments.stream().mapToDouble(results -> results.stream().mapToDouble(number).average().orElseThrow() / unit)
                    .summaryStatistics();
            String format = unit > 1 ? "%,.1f" : "%,.0f";
            String low = String.format(Locale.ROOT, format, means.getMin());
            String high = String.format(Locale.ROOT, format, means.getMax());
            boolean known = !Double.isNaN(means.getSum());
            return new Row(this, known && means.getMax() <= RATIO * means.getMin(), !known ? "not known of all" : low.equals(high) ? low : low + " to " + high);
        }

        @Override
        public String toString() {
            return label;
        }
    }

    public HeldEqual {
        rows = List.copyOf(rows);
    }

    /** Of results of several experiments, those of one differing in their seeds only; original networks among them don't count. */
    public static HeldEqual of(List<Result> results) {
        Map<Spec, List<Result>> experiments = results.stream().filter(result -> !result.spec().isOriginal()).collect(Collectors.groupingBy(
                result -> result.spec().with("seed", 1).with("originalSeed", 1), LinkedHashMap::new, Collectors.toList()));
        if (experiments.isEmpty()) {
            throw new IllegalArgumentException("there is no retrained network to compare");
        }
        return new HeldEqual(Arrays.stream(Aspect.values()).map(aspect -> aspect.of(List.copyOf(experiments.values()))).toList());
    }

    /** Whether this is equal in all experiments. */
    public boolean holds(Aspect aspect) {
        return rows.stream().anyMatch(row -> row.aspect() == aspect && row.isEqual());
    }

    /** {@code Equal: data, seeds. Not equal: epochs in all (200 to 1,810), ...}. */
    @Override
    public String toString() {
        String equal = rows.stream().filter(Row::isEqual).map(row -> row.aspect().toString()).collect(Collectors.joining(", "));
        String others = rows.stream().filter(row -> !row.isEqual()).map(row -> row.aspect() + " (" + row.values() + ")").collect(Collectors.joining(", "));
        return "Equal: " + (equal.isEmpty() ? "nothing" : equal) + ". Not equal: " + (others.isEmpty() ? "nothing" : others) + ".";
    }
}
