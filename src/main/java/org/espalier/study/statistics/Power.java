package org.espalier.study.statistics;

import java.util.OptionalInt;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.special.Gamma;

/** How likely a paired t test finds a difference that is there, and how many pairs it needs for that. */
public final class Power {
    private static final int MOST = 10_000;
    private static final int PANELS = 16;
    private static final NormalDistribution NORMAL = new NormalDistribution();
    private static final GaussIntegratorFactory RULES = new GaussIntegratorFactory();

    private Power() {
    }

    /**
     * Of the two-sided test.
     *
     * @param effect      the true mean of the differences over their true standard deviation (Cohen's d_z)
     * @param significance for instance .05
     */
    public static double of(int pairs, double effect, double significance) {
        if (pairs < 2) {
            throw new IllegalArgumentException("a paired test needs at least 2 pairs, not " + pairs);
        }
        double critical = new TDistribution(pairs - 1).inverseCumulativeProbability(1 - significance / 2);
        double shift = effect * Math.sqrt(pairs);
        return below(-critical, pairs - 1, shift) + below(-critical, pairs - 1, -shift);
    }

    /** The smallest number of pairs with at least this power; empty above 10,000. */
    public static OptionalInt pairsNeeded(double effect, double power, double significance) {
        if (!(Math.abs(effect) > 0) || of(MOST, effect, significance) < power) {
            return OptionalInt.empty();
        }
        int low = 1;
        int high = MOST;
        while (high - low > 1) {
            int middle = (low + high) / 2;
            if (of(middle, effect, significance) < power) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return OptionalInt.of(high);
    }

    /** The smallest number of pairs whose interval of the mean reaches no farther than this to either side; empty above 10,000. */
    public static OptionalInt pairsForHalfWidth(double deviation, double halfWidth, double level) {
        for (int pairs = 2; pairs <= MOST && halfWidth > 0; pairs++) {
            if (new TDistribution(pairs - 1).inverseCumulativeProbability((1 + level) / 2) * deviation / Math.sqrt(pairs) < halfWidth) {
                return OptionalInt.of(pairs);
            }
        }
        return OptionalInt.empty();
    }

    /**
     * The noncentral t distribution: the probability that (Z + shift) / S is below t, with S a chi variable over the root of its degrees of
     * freedom, integrated over S.
     */
    private static double below(double t, int freedom, double shift) {
        double half = freedom / 2.0;
        double scale = Math.log(2) + half * Math.log(half) - Gamma.logGamma(half);
        double low = Math.max(0, 1 - 10 / Math.sqrt(freedom));
        double width = (1 + 10 / Math.sqrt(freedom) - low) / PANELS;
        double sum = 0;
        for (int panel = 0; panel < PANELS; panel++) {
            GaussIntegrator integrator = RULES.legendre(24, low + panel * width, low + (panel + 1) * width);
            sum += integrator.integrate(s -> NORMAL.cumulativeProbability(t * s - shift)
                    * Math.exp(scale + (freedom - 1) * Math.log(s) - half * s * s));
        }
        return sum;
    }
}
