package org.espalier.train;

import org.espalier.text.CanonicalText;

/**
 * FT, fine-tuning: eta(t) = rate, the last rate of the original training, all the way (Han et al. 2015, Li et al. 2017; section 3 of "Network
 * Pruning That Matters"; {@code main_finetune.py} of its authors without a flag). 0.001 in the paper.
 */
public record FT(double rate) implements Schedule {
    private static final double RATE = .001;

    public FT {
        Schedule.requirePositive(rate);
    }

    public static FT ofPaper() {
        return new FT(RATE);
    }

    static FT parse(CanonicalText fields) {
        return new FT(fields.real("rate", RATE));
    }

    @Override
    public double learningRate(long step, Budget budget) {
        return rate;
    }

    @Override
    public boolean dependsOnBudget() {
        return false;
    }

    @Override
    public String label() {
        return "FT";
    }

    @Override
    public String text() {
        return new CanonicalText("ft").add("rate", rate, RATE).toString();
    }
}
