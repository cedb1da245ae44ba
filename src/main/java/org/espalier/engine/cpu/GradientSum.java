package org.espalier.engine.cpu;

/**
 * The gradient of one convolution's weights during one batch, [out, side, side, in], to which each block of the batch adds its part. The first
 * part overwrites what the last batch left; a new object is opened for each layer and batch.
 */
final class GradientSum {
    private final FloatMemory memory;
    private boolean begun;

    GradientSum(FloatMemory memory) {
        this.memory = memory;
    }

    FloatMemory memory() {
        return memory;
    }

    /** Says whether the part that comes now is the first, which overwrites: true once. */
    boolean begin() {
        boolean first = !begun;
        begun = true;
        return first;
    }
}
