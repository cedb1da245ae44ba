package org.espalier.study.statistics;

import java.util.Arrays;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;
import org.espalier.random.Randomness;

/** What a handful of measurements says about their mean. */
public final class Statistics {
    private static final int RESAMPLES = 20_000;
    private static final int ENUMERABLE = 6;

    private Statistics() {
    }

    public static double mean(double... values) {
        requireSize(values, 1);
        return StatUtils.mean(values);
    }

    /** Of a sample: divided by n - 1. */
    public static double standardDeviation(double... values) {
        requireSize(values, 2);
        return Math.sqrt(StatUtils.variance(values));
    }

    /** Student's interval of the mean. */
    public static Interval tInterval(double level, double... values) {
        double error = standardDeviation(values) / Math.sqrt(values.length);
        double half = error * new TDistribution(values.length - 1).inverseCumulativeProbability((1 + level) / 2);
        return new Interval(mean(values) - half, mean(values) + half, level);
    }

    /** The two-sided probability, if the true mean were {@code hypothesis}, of a mean at least this far from it. */
    public static double pValue(double hypothesis, double... values) {
        double distance = Math.abs(mean(values) - hypothesis);
        double error = standardDeviation(values) / Math.sqrt(values.length);
        return error == 0 ? distance == 0 ? 1 : 0 : 2 * new TDistribution(values.length - 1).cumulativeProbability(-distance / error);
    }

    /**
     * The percentile bootstrap of the mean. Up to six values every resample is counted, so chance plays no part; beyond, 20,000 are drawn
     * with the seed. With few values it is narrower than Student's: don't rest a claim on it alone.
     */
    public static Interval bootstrapInterval(double level, long seed, double... values) {
        requireSize(values, 2);
        double[] means = values.length <= ENUMERABLE ? everyResample(values) : resamples(values, Randomness.of(seed, "bootstrap", 0));
        Percentile percentile = new Percentile().withEstimationType(EstimationType.R_7);
        percentile.setData(means);
        return new Interval(percentile.evaluate(50 * (1 - level)), percentile.evaluate(50 * (1 + level)), level);
    }

    private static double[] everyResample(double[] values) {
        int n = values.length;
        double[] means = new double[(int) Math.pow(n, n)];
        for (int code = 0; code < means.length; code++) {
            for (int i = 0, rest = code; i < n; i++, rest /= n) {
                means[code] += values[rest % n] / n;
            }
        }
        return means;
    }

    private static double[] resamples(double[] values, RandomGenerator random) {
        double[] means = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            for (int k = 0; k < values.length; k++) {
                means[i] += values[random.nextInt(values.length)] / values.length;
            }
        }
        return means;
    }

    /**
     * P-values corrected for their number by Holm's step-down method: where a corrected one is below 5 %, the chance of any false finding
     * among them all is below 5 %.
     */
    public static double[] holm(double... pValues) {
        int n = pValues.length;
        Integer[] ascending = new Integer[n];
        Arrays.setAll(ascending, i -> i);
        Arrays.sort(ascending, (a, b) -> Double.compare(pValues[a], pValues[b]));
        double[] corrected = new double[n];
        double largest = 0;
        for (int rank = 0; rank < n; rank++) {
            largest = Math.max(largest, Math.min(1, (n - rank) * pValues[ascending[rank]]));
            corrected[ascending[rank]] = largest;
        }
        return corrected;
    }

    private static void requireSize(double[] values, int size) {
        if (values.length < size) {
            throw new IllegalArgumentException("at least " + size + " values are needed, not " + values.length);
        }
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("one of the values is " + value);
            }
        }
    }
}
