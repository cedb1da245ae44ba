package org.espalier.train.schedules;

import org.espalier.train.Budget;
import org.espalier.train.Schedule;

/**
 * LRW, learning rate rewinding: in epoch e of E, eta = original(E0 - E + e), the last E of the original training's E0 epochs once more (Renda
 * et al. 2020; {@code --use_lr_rewind} in the code of "Network Pruning That Matters"). Weights are not rewound. A budget longer than the
 * original training begins with more epochs of its first rate.
 */
public record LRW(StepDecay original) implements Schedule {

    @Override
    public double learningRate(long step, Budget budget) {
        return original.learningRate(original.epochs() - budget.epochs() + budget.epochOf(step));
    }

    @Override
    public String text() {
        return original.text("lrw");
    }
}
