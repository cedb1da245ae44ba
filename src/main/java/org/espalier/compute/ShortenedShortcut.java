package org.espalier.compute;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import org.espalier.model.Unit;

/** What goes around a block into another stage's shape, by the engine, which records its gradient. */
record ShortenedShortcut(PtNDArray input, PtNDArray output) {

    static ShortenedShortcut of(Unit unit, ChannelsLast from) {
        PtNDArray input = Functions.leaf(from.array());
        return new ShortenedShortcut(input, Functions.recording(() -> Functions.shortened(unit.shortcut().orElseThrow(), input, unit.width())));
    }

    Memory values() {
        return ChannelsLast.of(output).memory();
    }

    void backward(ChannelsLast gradient) {
        JniUtils.backward(output, gradient.array(), false, false);
    }

    /** After {@link #backward}, of what went into it. */
    Memory gradient() {
        return ChannelsLast.of(JniUtils.getGradient(input)).memory();
    }
}
