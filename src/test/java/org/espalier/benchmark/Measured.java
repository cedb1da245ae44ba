package org.espalier.benchmark;

import java.util.Arrays;
import java.util.stream.IntStream;

/** A number for every round. What is said of it is the median, and the spread from the least to the greatest. */
record Measured(double... rounds) {

    double median() {
        double[] sorted = rounds.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    double least() {
        return Arrays.stream(rounds).min().orElseThrow();
    }

    double greatest() {
        return Arrays.stream(rounds).max().orElseThrow();
    }

    /** Round by round, so that what slows the machine for a while slows both. */
    Measured over(Measured other) {
        return new Measured(IntStream.range(0, rounds.length).mapToDouble(i -> rounds[i] / other.rounds[i]).toArray());
    }

    Measured scaled(double factor) {
        return new Measured(Arrays.stream(rounds).map(x -> factor * x).toArray());
    }

    /** Units of which each takes so many seconds, by the second. */
    Measured perSecond(double units) {
        return new Measured(Arrays.stream(rounds).map(seconds -> units / seconds).toArray());
    }
}
