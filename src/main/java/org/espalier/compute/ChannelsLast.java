package org.espalier.compute;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.FloatBuffer;

/**
 * Activations whose channels lie side by side in memory: to the engine a {@code view} of logical shape [images, channels, height, width], or
 * [images, channels]; to {@link ChannelRows} the {@code values}, which are valid until it is closed.
 */
record ChannelsLast(PtNDArray memory, PtNDArray view, FloatBuffer values) implements AutoCloseable {

    /** Not filled yet, of another's shape. */
    static ChannelsLast like(PtNDArray other, PtNDManager manager) {
        Shape shape = other.getShape();
        if (shape.dimension() == 2) {
            PtNDArray memory = (PtNDArray) manager.create(shape);
            return new ChannelsLast(memory, memory, floats(memory));
        }
        PtNDArray memory = (PtNDArray) manager.create(new Shape(shape.get(0), shape.get(2), shape.get(3), shape.get(1)));
        return new ChannelsLast(memory, JniUtils.permute(memory, new long[] {0, 3, 1, 2}), floats(memory));
    }

    /** Of what the engine put out, which it laid out like its input. */
    static FloatBuffer values(PtNDArray array) {
        if (array.getShape().dimension() == 2) {
            return floats(array);
        }
        try (PtNDArray permuted = JniUtils.permute(array, new long[] {0, 2, 3, 1})) {
            return floats(permuted);
        }
    }

    /** The memory of a contiguous array, valid as long as that is. */
    static FloatBuffer floats(NDArray array) {
        return array.toByteBuffer(true).asFloatBuffer();
    }

    int size() {
        return values.capacity();
    }

    @Override
    public void close() {
        view.close();
        memory.close();
    }
}
