package org.espalier.engine.cpu;

import org.espalier.model.Op;

/** What stands before a layer. */
enum Pool {
    NONE,
    /** The highest of 2 x 2 pixels, with a stride of 2. */
    MAX,
    /** The mean of all pixels. */
    MEAN;

    /** @throws IllegalStateException when there is none */
    Op op() {
        return switch (this) {
            case NONE -> throw new IllegalStateException("no pool stands here");
            case MAX -> new Op.MaxPool(2, 2, 0);
            case MEAN -> new Op.GlobalAvgPool();
        };
    }
}
