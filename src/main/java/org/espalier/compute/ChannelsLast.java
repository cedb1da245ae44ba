package org.espalier.compute;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import org.espalier.model.Layer;

/**
 * Activations, or a convolution's weights, whose channels lie side by side in memory: to the engine an array of shape [images, channels,
 * height, width], to all else the {@link Memory}, which is valid until this is closed.
 */
record ChannelsLast(PtNDArray array, int images, int height, int width, int channels, Memory memory) implements AutoCloseable {

    /** Not filled yet. */
    static ChannelsLast of(int images, int height, int width, int channels, PtNDManager manager) {
        if ((double) images * height * width * channels * Float.BYTES > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(images + " images of " + height + " x " + width + " pixels with " + channels
                    + " channels are a thread's share of a batch, and more than the 2 GiB that it can address; a smaller batch or more threads help");
        }
        try (PtNDArray contiguous = (PtNDArray) manager.create(new Shape(images, height, width, channels))) {
            return new ChannelsLast(JniUtils.permute(contiguous, new long[] {0, 3, 1, 2}), images, height, width, channels, Memory.of(contiguous));
        }
    }

    ChannelsLast like(PtNDManager manager) {
        return of(images, height, width, channels, manager);
    }

    /** What a convolution makes of it, not filled yet. */
    ChannelsLast convolved(Layer.Conv layer, PtNDManager manager) {
        var shape = Convolution.Shape.of(layer, images, height, width);
        return of(images, shape.outHeight(), shape.outWidth(), layer.out(), manager);
    }

    /** An array's own memory if it lies so already, as all does that the engine puts out for such input; a copy otherwise. */
    static ChannelsLast of(PtNDArray array) {
        Shape shape = array.getShape();
        try (PtNDArray permuted = JniUtils.permute(array, new long[] {0, 2, 3, 1}); NDArray flat = permuted.reshape(-1);
                NDArray contiguous = flat.reshape(permuted.getShape())) {
            return new ChannelsLast(JniUtils.permute((PtNDArray) contiguous, new long[] {0, 3, 1, 2}), (int) shape.get(0), (int) shape.get(2),
                    (int) shape.get(3), (int) shape.get(1), Memory.of(flat));
        }
    }

    Memory part(Piece piece) {
        return memory.part(piece.from() * numbersPerImage(), piece.images() * numbersPerImage());
    }

    int numbersPerImage() {
        return height * width * channels;
    }

    @Override
    public void close() {
        array.close();
    }
}
