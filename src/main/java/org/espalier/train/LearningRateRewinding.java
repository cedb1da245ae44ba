package org.espalier.train;

/**
 * LRW: the last epochs of the original training's schedule once more, as many as the budget has; a longer budget has more of the highest
 * rate. Weights are not rewound.
 */
public record LearningRateRewinding(StepDecay original) implements Schedule {

    @Override
    public double learningRate(long step, Budget budget) {
        return original.learningRate(original.epochs() - budget.epochs() + budget.epochOf(step));
    }

    @Override
    public String label() {
        return "LRW";
    }

    @Override
    public String text() {
        return original.text("lrw");
    }
}
