package org.espalier.train;

import org.espalier.text.CanonicalText;

/**
 * LLR (Zimmer, Spiegel and Pokutta, "How I Learned to Stop Worrying and Love Retraining", ICLR 2023): warm up over the first tenth of the
 * steps, then fall linearly towards zero. Not in the paper. The rate never is zero, which would train nothing.
 */
public record LinearRestarting(double highest, double warmUp) implements Schedule {
    private static final LinearRestarting USUAL = new LinearRestarting(.1, .1);

    public LinearRestarting {
        Schedule.requirePositive(highest);
        if (!(warmUp >= 0 && warmUp < 1)) {
            throw new IllegalArgumentException("the warm-up lies in [0, 1), not " + warmUp);
        }
    }

    public static LinearRestarting usual() {
        return USUAL;
    }

    static LinearRestarting parse(CanonicalText fields) {
        return new LinearRestarting(fields.real("highest", USUAL.highest), fields.real("warmUp", USUAL.warmUp));
    }

    @Override
    public double learningRate(long step, Budget budget) {
        double up = Math.floor(warmUp * budget.steps());
        return highest * (step < up ? (step + 1) / (up + 1) : (budget.steps() - step) / (budget.steps() - up));
    }

    @Override
    public String label() {
        return "LLR";
    }

    @Override
    public String text() {
        return new CanonicalText("llr").add("highest", highest, USUAL.highest).add("warmUp", warmUp, USUAL.warmUp).toString();
    }
}
