package org.espalier.engine.cpu;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** What the backward pass of a unit needs of its forward pass. */
final class SavedUnit {
    /** What the convolution takes; of another unit's output the shape alone. */
    final ChannelsLast input;
    /** The pool in front; null if there is none. */
    final Recorded pool;
    final ChannelsLast convolved;
    SyncBatchNorm.Affine affine;
    /** Null unless it is kept. */
    ChannelsLast output;
    /** Whether the output is kept and computed. */
    boolean there;
    /** What is added before the activation; null if nothing is. */
    FloatMemory added;
    /** Null where what is added has the right shape already. */
    Recorded shortcut;
    /** dL/dy of the activation, and dL/dx once it is complete. */
    ChannelsLast gradient;
    /** A part of dL/dy that is known before the rest; null if there is none. */
    ChannelsLast also;
    final List<ChannelSums> sums = new ArrayList<>();

    SavedUnit(ChannelsLast input, Recorded pool, ChannelsLast convolved) {
        this.input = input;
        this.pool = pool;
        this.convolved = convolved;
    }

    /** What is added, in this block; null if nothing is. */
    FloatBuffer added(CacheBlock block) {
        int numbers = convolved.numbersPerImage();
        return added == null ? null : added.part(block.from() * numbers, block.images() * numbers).values();
    }

    /** Closes what nobody needs any more; a gradient that was passed on is closed by who has it. */
    void close(boolean residual) {
        convolved.close();
        if (output != null) {
            output.close();
        }
        if (pool != null) {
            input.close();
        }
        if (!residual || shortcut != null) {
            gradient.close();
        }
    }
}
