package org.espalier.engine.cpu;

import ai.djl.ndarray.NDArray;
import org.espalier.engine.Functions;
import org.espalier.engine.Libtorch;
import org.espalier.model.Unit;

/** Computes the shortcut around a block into another stage's shape, by libtorch, which records its gradient. */
record DownsampledShortcut(NDArray input, NDArray output) {

    static DownsampledShortcut of(Unit unit, ChannelsLast from) {
        NDArray input = Functions.leaf(from.array());
        return new DownsampledShortcut(input, Functions.recording(() -> Functions.shortened(unit.shortcut().orElseThrow(), input, unit.width())));
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
