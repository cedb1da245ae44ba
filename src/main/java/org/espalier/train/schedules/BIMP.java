package org.espalier.train.schedules;

import java.util.Locale;
import org.espalier.train.Budget;
import org.espalier.train.Schedule;

/**
 * SLR, CLR and LLR as Zimmer, Spiegel and Pokutta define them ("How I Learned to Stop Worrying and Love Retraining", ICLR 2023;
 * {@code define_retrain_schedule} in {@code runners/baseRunner.py} of their repository BIMP). Their maximum and minimum are those of the
 * original schedule. For T steps, with up = int(0.1 T), j = t - up and n = T - up,
 *
 * <pre>
 * eta(t) = cosine from 0 to max at t / up                          for t &lt; up
 *   SLR:   original(int(j T0 / n)), for T0 original steps          else: the whole original schedule, resampled
 *   CLR:   cosine from max to min at j / n                         else
 *   LLR:   max (1 - j / n)                                         else
 * </pre>
 *
 * Momentum is constant in all of them. Step 0 has the rate 0. Their FT and LRW are those of "Network Pruning That Matters", so that
 * {@code bimp-ft} and {@code bimp-lrw} read as {@link FT} and {@link LRW}.
 *
 * @param original whose steps per epoch are taken to be the budget's
 */
public record BIMP(Shape shape, StepDecay original) implements Schedule {
    private static final double WARM_UP = .1;

    /** What follows the warm-up. */
    public enum Shape {
        SLR, CLR, LLR;

        private double rate(StepDecay original, long j, long n, Budget budget) {
            double done = (double) j / n;
            return switch (this) {
                case SLR -> original.learningRate((int) ((long) (j * ((double) original.epochs() * budget.stepsPerEpoch() / n)) / budget.stepsPerEpoch()));
                case CLR -> Schedule.cosine(original.maxRate(), original.finalRate(), done);
                case LLR -> original.maxRate() * (1 - done);
            };
        }
    }

    @Override
    public double learningRate(long step, Budget budget) {
        long up = warmUp(budget);
        return step < up ? Schedule.cosine(0, original.maxRate(), (double) step / up)
                : shape.rate(original, step - up, budget.steps() - up, budget);
    }

    static long warmUp(Budget budget) {
        return (long) (WARM_UP * budget.steps());
    }

    @Override
    public String label() {
        return shape + " (BIMP)";
    }

    @Override
    public String text() {
        return original.text("bimp-" + shape.name().toLowerCase(Locale.ROOT));
    }
}
