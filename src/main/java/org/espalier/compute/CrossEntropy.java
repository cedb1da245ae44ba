package org.espalier.compute;

import ai.djl.ndarray.NDArray;

/** Softmax cross-entropy of logits [batch, classes] against labels [batch], both on the device; so are the results. */
public final class CrossEntropy {
    private CrossEntropy() {
    }

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

    /** How many logits are highest at the label. */
    public static NDArray correct(NDArray logits, NDArray labels) {
        return logits.argMax(1).eq(labels).sum();
    }
}
