package org.espalier.engine.cpu;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import org.espalier.engine.Functions;
import org.espalier.model.Unit;

/** Computes the shortcut around a block into another stage's shape, by libtorch, which records its gradient. */
record DownsampledShortcut(PtNDArray input, PtNDArray output) {

    static DownsampledShortcut of(Unit unit, ChannelsLast from) {
        PtNDArray input = Functions.leaf(from.array());
        return new DownsampledShortcut(input, Functions.recording(() -> Functions.shortened(unit.shortcut().orElseThrow(), input, unit.width())));
    }

    FloatMemory values() {
        return ChannelsLast.of(output).memory();
    }

    void backward(ChannelsLast gradient) {
        JniUtils.backward(output, gradient.array(), false, false);
    }

    /** dL/dx of its input, after {@link #backward}. */
    FloatMemory gradient() {
        return ChannelsLast.of(JniUtils.getGradient(input)).memory();
    }
}
