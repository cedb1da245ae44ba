package org.espalier.study.statistics;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.espalier.study.Result;
import org.espalier.study.Spec;

/**
 * Two ways to do the same, measured with the same seeds: what counts are the differences within each seed, since chance that both share falls
 * out of them.
 *
 * @param differences the first's value minus the second's, by seed
 */
public record Paired(Map<Long, Double> differences) {

    public Paired {
        differences = new TreeMap<>(differences);
    }

    /** Of the seeds that both have. */
    public static Paired of(Map<Long, Double> first, Map<Long, Double> second) {
        Map<Long, Double> differences = new TreeMap<>(first);
        differences.keySet().retainAll(second.keySet());
        differences.replaceAll((seed, value) -> value - second.get(seed));
        return new Paired(differences);
    }

    /**
     * Of results: one for each seed on either side.
     *
     * @param value for instance {@code Result::change}
     * @throws IllegalArgumentException when a side has two results of the same seed, which would not be comparable: it says in what they differ
     */
    public static Paired of(List<Result> first, List<Result> second, ToDoubleFunction<Result> value) {
        return of(bySeed(first, value), bySeed(second, value));
    }

    private static Map<Long, Double> bySeed(List<Result> results, ToDoubleFunction<Result> value) {
        Map<Long, Result> bySeed = new TreeMap<>();
        results.forEach(result -> bySeed.merge(result.spec().seed(), result, (a, b) -> {
            throw new IllegalArgumentException(mixed(a.spec(), b.spec()));
        }));
        Map<Long, Double> values = new TreeMap<>();
        bySeed.forEach((seed, result) -> values.put(seed, value.applyAsDouble(result)));
        return values;
    }

    private static String mixed(Spec one, Spec other) {
        Map<String, String> fields = one.fields();
        String difference = fields.keySet().stream().filter(field -> !fields.get(field).equals(other.fields().get(field))).findFirst().orElse("");
        return "one side has two results of seed " + one.seed() + (difference.isEmpty() ? ", which are the same" : ": of " + difference + " "
                + fields.get(difference) + " and of " + other.fields().get(difference) + ". Choose one, as by results.stream().filter(r -> "
                + "r.spec()." + difference + "().equals(\"" + fields.get(difference) + "\")).toList()");
    }

    public int size() {
        return differences.size();
    }

    public double[] values() {
        return differences.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    public double mean() {
        return Statistics.mean(values());
    }

    /** Cohen's d_z: the mean of the differences over their standard deviation. */
    public double effectSize() {
        return mean() / Statistics.standardDeviation(values());
    }
}
