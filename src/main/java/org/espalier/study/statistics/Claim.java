package org.espalier.study.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * A sentence such as "CLR beats FT", and what paired measurements say about it. It claims that the true mean difference lies between
 * {@code above} and {@code below}. It holds when the whole 95 % interval lies there, does not when none of it does, and is undecided else.
 *
 * @param above    for "beats", 0
 * @param below    for "beats", infinity
 * @param interval Student's, of the mean difference; null with fewer than two seeds
 * @param pValue   of no difference, or, where the bounds are others than 0 and infinity, of one outside of them; corrected if the claim went
 *                 through {@link #corrected}; 1 with fewer than two seeds
 */
public record Claim(String text, Paired paired, double above, double below, Interval interval, double pValue, Verdict verdict) {
    private static final double LEVEL = .95;
    private static final double POWER = .8;

    /** The first side is better: the difference is positive. */
    public static Claim beats(String text, Paired paired) {
        return between(text, paired, 0, Double.POSITIVE_INFINITY);
    }

    /** Both sides are equal up to a margin, in the differences' unit. */
    public static Claim equal(String text, Paired paired, double margin) {
        return between(text, paired, -margin, margin);
    }

    /** The mean difference lies between two bounds; with infinity as the upper one, the first side is better, or not worse by so much. */
    static Claim between(String text, Paired paired, double above, double below) {
        if (!(above < below)) {
            throw new IllegalArgumentException("nothing lies above " + above + " and below " + below);
        }
        if (paired.size() < 2) {
            return new Claim(text, paired, above, below, null, 1, Verdict.UNDECIDED);
        }
        Interval interval = Statistics.tInterval(LEVEL, paired.values());
        Verdict verdict = interval.low() > above && interval.high() < below ? Verdict.HOLDS
                : interval.high() <= above || interval.low() >= below ? Verdict.DOES_NOT : Verdict.UNDECIDED;
        return new Claim(text, paired, above, below, interval, pValue(paired, above, below), verdict);
    }

    /** Of "beats", two-sided; else of a mean that lies outside of the bounds, doubled, so that the 95 % interval says the same. */
    private static double pValue(Paired paired, double above, double below) {
        if (above == 0) {
            return Statistics.pValue(0, paired.values());
        }
        double nearest = paired.mean() - above < below - paired.mean() ? above : below;
        double twoSided = Statistics.pValue(nearest, paired.values());
        return paired.mean() > above && paired.mean() < below ? twoSided : Math.min(1, 2 - twoSided);
    }

    /**
     * The same claims, each judged as one of many by Holm's method: one whose corrected p-value isn't below 5 % becomes undecided, unless an
     * interval outside of its bounds refutes it.
     */
    public static List<Claim> corrected(List<Claim> claims) {
        double[] pValues = Statistics.holm(claims.stream().mapToDouble(Claim::pValue).toArray());
        List<Claim> corrected = new ArrayList<>();
        for (int i = 0; i < pValues.length; i++) {
            Claim claim = claims.get(i);
            // No difference at all, seed by seed, decides a "beats" without any chance in it.
            boolean weak = (claim.above == 0 || claim.verdict == Verdict.HOLDS) && pValues[i] >= 1 - LEVEL && claim.interval != null
                    && claim.interval.halfWidth() > 0;
            corrected.add(new Claim(claim.text, claim.paired, claim.above, claim.below, claim.interval, pValues[i],
                    weak ? Verdict.UNDECIDED : claim.verdict));
        }
        return List.copyOf(corrected);
    }

    /**
     * For "beats": the seeds that a paired t test, corrected as this one, would need to find an effect of the measured size four times out of
     * five. For "equal": those that make the interval narrow enough, if mean and deviation stay as they are. Empty above 10,000.
     */
    public OptionalInt seedsNeeded() {
        if (interval == null || interval.halfWidth() == 0) {
            return OptionalInt.empty();
        }
        if (above != 0) {
            return Power.pairsForHalfWidth(Statistics.standardDeviation(paired.values()), Math.min(paired.mean() - above, below - paired.mean()), LEVEL);
        }
        double raw = Statistics.pValue(0, paired.values());
        return Power.pairsNeeded(paired.effectSize(), POWER, (1 - LEVEL) * (pValue > raw ? raw / pValue : 1));
    }

    /** {@code CLR beats FT: holds. The difference is 0.41 +- 0.12 (95 % interval 0.29 to 0.53; 5 seeds, paired; p = 0.0004, d_z = 4.2).} */
    public String sentence() {
        if (interval == null) {
            return text + ": undecided. " + (paired.size() == 1 ? "1 seed has" : paired.size() + " seeds have") + " both measurements; at least 2 are needed.";
        }
        String size = interval.halfWidth() == 0 ? "the same in every seed" : String.format(Locale.ROOT, "d_z = %.2f", paired.effectSize());
        String more = verdict != Verdict.UNDECIDED ? "" : seedsNeeded().isPresent()
                ? " An effect of this size takes about " + seedsNeeded().getAsInt() + " seeds to show."
                : " No feasible number of seeds would show it.";
        return String.format(Locale.ROOT, "%s: %s. The difference is %.3g +- %.2g (95 %% interval %.3g to %.3g; %d seeds, paired; p = %.2g, %s).%s",
                text, verdict, paired.mean(), interval.halfWidth(), interval.low(), interval.high(), paired.size(), pValue, size, more);
    }

    @Override
    public String toString() {
        return sentence();
    }
}
