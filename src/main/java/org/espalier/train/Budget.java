package org.espalier.train;

/** What a retraining may spend: epochs, each of so many optimizer steps. Steps count from 0. */
public record Budget(int epochs, int stepsPerEpoch) {

    public Budget {
        if (epochs < 1 || stepsPerEpoch < 1) {
            throw new IllegalArgumentException("a budget has at least one epoch of one step, not " + epochs + " x " + stepsPerEpoch);
        }
    }

    /** Batches cover every image once; the last one may be smaller. */
    public static Budget of(int epochs, int images, int batch) {
        return new Budget(epochs, (images + batch - 1) / batch);
    }

    public long steps() {
        return (long) epochs * stepsPerEpoch;
    }

    public int epochOf(long step) {
        return (int) (step / stepsPerEpoch);
    }
}
