package org.espalier.engine.cpu;

/**
 * The weights of one convolution during one batch, [out, side, side, in]. What a convolution makes of them for a block of the batch is there for
 * the next block; a new object, opened for each layer and batch, makes it be made anew.
 */
final class BatchWeights {
    private final FloatMemory memory;

    BatchWeights(FloatMemory memory) {
        this.memory = memory;
    }

    FloatMemory memory() {
        return memory;
    }
}
