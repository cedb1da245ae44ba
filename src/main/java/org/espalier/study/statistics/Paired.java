package org.espalier.study.statistics;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.espalier.study.Result;

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
     * @throws IllegalArgumentException when a side has two results of the same seed, which would not be comparable
     */
    public static Paired of(List<Result> first, List<Result> second, ToDoubleFunction<Result> value) {
        return of(bySeed(first, value), bySeed(second, value));
    }

    private static Map<Long, Double> bySeed(List<Result> results, ToDoubleFunction<Result> value) {
        return results.stream().collect(Collectors.toMap(result -> result.spec().seed(), value::applyAsDouble, (a, b) -> {
            throw new IllegalArgumentException("two results of the same seed on one side; choose one plan, schedule and budget on each");
        }));
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
