package org.espalier.engine.cpu;

import ai.djl.ndarray.NDArray;
import org.espalier.engine.Recording;
import org.espalier.engine.Libtorch;

/** Computes the shortcut around a block into another stage's shape, by libtorch, which records its gradient. */
record DownsampledShortcut(NDArray input, NDArray output) {

    static DownsampledShortcut of(Unit unit, ChannelsLast from) {
        NDArray input = Recording.leaf(from.array());
        return new DownsampledShortcut(input, Recording.of(() -> unit.shortcut().orElseThrow().of(input)));
    }

    FloatMemory values() {
        return ChannelsLast.of(output).memory();
    }

    void backward(ChannelsLast gradient) {
        Libtorch.backward(output, gradient.array());
    }

    /** dL/dx of its input, after {@link #backward}. */
    FloatMemory gradient() {
        return ChannelsLast.of(input.getGradient()).memory();
    }
}
