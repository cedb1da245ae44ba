package org.espalier.engine;

import ai.djl.ndarray.NDArray;

/** Computes the softmax cross-entropy of logits [N, classes] and labels [N] on their device. */
public final class CrossEntropy {
    private CrossEntropy() {
    }

    /** The sum of all images' losses, a scalar. */
    public static NDArray sum(NDArray logits, NDArray labels) {
        // The labels' manager may be that of a whole epoch.
        try (NDArray column = labels.expandDims(1)) {
            return logits.logSoftmax(1).gather(column, 1).sum().neg();
        }
    }

    /** How many logits have at most four others above that of the label. */
    public static NDArray correctOfFive(NDArray logits, NDArray labels) {
        try (NDArray column = labels.expandDims(1)) {
            return logits.topK(5, 1).get(1).eq(column).sum();
        }
    }

    /** How many images have their highest logit at the label, an int64 scalar. */
    public static NDArray correct(NDArray logits, NDArray labels) {
        return logits.argMax(1).eq(labels).sum();
    }
}
