package org.espalier.train.schedules;

import org.espalier.text.CanonicalText;
import org.espalier.train.Budget;
import org.espalier.train.Schedule;

/**
 * LLR, linear learning rate restarting: for T steps, with up = int(warmUp T),
 *
 * <pre>
 * eta(t) = maxRate (t + 1) / (up + 1)     for t &lt; up
 *          maxRate (T - t) / (T - up)     else
 * </pre>
 *
 * so a short linear warm-up, then down towards zero, which no step reaches (Zimmer, Spiegel and Pokutta, "How I Learned to Stop Worrying and
 * Love Retraining", ICLR 2023; their code's warm-up has the shape of a cosine, as {@link BIMP} has it). Without the warm-up it is the linear
 * decay of budgeted training (Li, Yumer and Ramanan, ICLR 2020), also called {@code linear}. Not in "Network Pruning That
 * Matters", whose code says "llr" where its text says SLR: that is {@link SLR}.
 *
 * @param warmUp fraction of the steps
 */
public record LLR(double maxRate, double warmUp) implements Schedule {
    private static final LLR OF_ZIMMER = new LLR(.1, .1);

    public LLR {
        Schedule.requirePositive(maxRate);
        if (!(warmUp >= 0 && warmUp < 1)) {
            throw new IllegalArgumentException("the warm-up lies in [0, 1), not " + warmUp);
        }
    }

    /** From 0.1, after a warm-up over a tenth of the steps. */
    public static LLR ofZimmer() {
        return OF_ZIMMER;
    }

    /** From 0.1 down to zero, without a warm-up. */
    public static LLR linear() {
        return new LLR(OF_ZIMMER.maxRate, 0);
    }

    static LLR linear(CanonicalText fields) {
        return new LLR(fields.real("highest", OF_ZIMMER.maxRate), 0);
    }

    static LLR parse(CanonicalText fields) {
        return new LLR(fields.real("highest", OF_ZIMMER.maxRate), fields.real("warmUp", OF_ZIMMER.warmUp));
    }

    @Override
    public double learningRate(long step, Budget budget) {
        double up = Math.floor(warmUp * budget.steps());
        return maxRate * (step < up ? (step + 1) / (up + 1) : (budget.steps() - step) / (budget.steps() - up));
    }

    @Override
    public String label() {
        return warmUp == 0 ? "linear" : "LLR";
    }

    @Override
    public String text() {
        return new CanonicalText("llr").add("highest", maxRate, OF_ZIMMER.maxRate).add("warmUp", warmUp, OF_ZIMMER.warmUp).toString();
    }
}
