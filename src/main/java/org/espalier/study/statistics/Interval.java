package org.espalier.study.statistics;

/**
 * A confidence interval.
 *
 * @param level of confidence, for instance .95
 */
public record Interval(double low, double high, double level) {

    public Interval {
        if (!(low <= high) || !(level > 0 && level < 1)) {
            throw new IllegalArgumentException("no interval: " + low + " to " + high + " at level " + level);
        }
    }

    public double halfWidth() {
        return (high - low) / 2;
    }
}
