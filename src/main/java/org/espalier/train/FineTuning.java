package org.espalier.train;

import org.espalier.text.CanonicalText;

/** FT: the last rate of the original training, all the way. */
public record FineTuning(double rate) implements Schedule {
    private static final double USUAL = .001;

    public FineTuning {
        Schedule.requirePositive(rate);
    }

    public static FineTuning usual() {
        return new FineTuning(USUAL);
    }

    static FineTuning parse(CanonicalText fields) {
        return new FineTuning(fields.real("rate", USUAL));
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
        return new CanonicalText("ft").add("rate", rate, USUAL).toString();
    }
}
