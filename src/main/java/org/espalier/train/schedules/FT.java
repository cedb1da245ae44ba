package org.espalier.train.schedules;

import java.math.BigDecimal;
import java.math.MathContext;
import org.espalier.text.CanonicalText;
import org.espalier.train.Budget;
import org.espalier.train.Schedule;

/**
 * FT, fine-tuning: eta(t) = rate, the last rate of the original training, all the way (Han et al. 2015, Li et al. 2017; section 3 of "Network
 * Pruning That Matters"; {@code main_finetune.py} of its authors without a flag). 0.001 in the paper; at another rate, also called
 * {@code constant rate=0.01}, it is the tuned baseline.
 */
public record FT(double rate) implements Schedule {
    private static final double RATE = .001;

    public FT {
        Schedule.requirePositive(rate);
    }

    public static FT ofPaper() {
        return new FT(RATE);
    }

    /** At the last rate of an original training, whose product of powers is rounded to what one would write. */
    static FT last(StepDecay original) {
        return new FT(new BigDecimal(original.finalRate()).round(new MathContext(12)).doubleValue());
    }

    static FT parse(CanonicalText fields) {
        return new FT(fields.real("rate", RATE));
    }

    /** A constant rate has no default: whoever says "constant" chose one. */
    static FT constant(CanonicalText fields) {
        if (!fields.has("rate")) {
            throw new IllegalArgumentException("a constant schedule says its rate, for instance constant rate=0.01");
        }
        return parse(fields);
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
        return rate == RATE ? "FT" : "FT at " + rate;
    }

    @Override
    public String text() {
        return new CanonicalText("ft").add("rate", rate, RATE).toString();
    }
}
