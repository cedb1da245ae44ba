package org.espalier.train.schedules;

import org.espalier.text.CanonicalText;
import org.espalier.train.Budget;
import org.espalier.train.Schedule;

/**
 * REX, reflected exponential: for T steps and z = 1 - t / T, eta(t) = maxRate z / (1/2 + z / 2), without a warm-up (Chen, Wolfe and
 * Kyrillidis, "REX: Revisiting Budgeted Training with an Improved Schedule", MLSys 2022). It stays high for longer than a line and falls
 * faster at the end. Not in "Network Pruning That Matters".
 */
public record REX(double maxRate) implements Schedule {
    private static final double RATE = .1;

    public REX {
        Schedule.requirePositive(maxRate);
    }

    /** From 0.1, the first rate of the original training. */
    public static REX standard() {
        return new REX(RATE);
    }

    static REX parse(CanonicalText fields) {
        return new REX(fields.real("highest", RATE));
    }

    @Override
    public double learningRate(long step, Budget budget) {
        double left = 1 - (double) step / budget.steps();
        return maxRate * left / (.5 + .5 * left);
    }

    @Override
    public String text() {
        return new CanonicalText("rex").add("highest", maxRate, RATE).toString();
    }
}
