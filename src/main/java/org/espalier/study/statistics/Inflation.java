package org.espalier.study.statistics;

import java.util.Arrays;
import java.util.List;
import org.espalier.study.Result;

/**
 * By how much other ways to report the same trainings would have exceeded the mean accuracy after the last epoch, in percentage points.
 *
 * @param last        that mean, in per cent
 * @param seeds       of all results
 * @param bestOfSeeds the best seed's accuracy after the last epoch, above the mean; NaN with one seed
 * @param evaluated   results that were evaluated after every epoch; only these have a best one
 * @param bestEpoch   the mean of their best epoch on the test images, above the mean of their last; NaN without any
 */
public record Inflation(double last, int seeds, double bestOfSeeds, int evaluated, double bestEpoch) {

    /** Of results that differ in their seeds only. @throws IllegalArgumentException when there are none */
    public static Inflation of(List<Result> results) {
        double[] last = results.stream().mapToDouble(result -> 100 * result.last()).toArray();
        // Where a validation split chose the best epoch, nothing was chosen on the test images.
        List<Result> best = results.stream().filter(result -> result.hasBest() && result.split().equals("test")).toList();
        double mean = Statistics.mean(last);
        double bestOfSeeds = last.length < 2 ? Double.NaN : Arrays.stream(last).max().orElseThrow() - mean;
        double bestEpoch = best.stream().mapToDouble(result -> 100 * (result.best() - result.last())).average().orElse(Double.NaN);
        return new Inflation(mean, last.length, bestOfSeeds, best.size(), bestEpoch);
    }
}
