package com.acme;

import org.espalier.train.Budget;
import org.espalier.train.Schedule;

/** Linearly up over the first fifth of the steps, then the same rate. */
public record Warm(double peak) implements Schedule {

    @Override
    public double learningRate(long step, Budget budget) {
        return peak * Math.min(1, (step + 1) / (.2 * budget.steps()));
    }
}
