package org.espalier.engine.cpu;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Holds activations, or a convolution's weights, whose channels lie side by side: an array of shape [images, channels, height, width] for
 * libtorch, and the same {@link FloatMemory} [images, height, width, channels] for all else, valid until this is closed.
 */
record ChannelsLast(NDArray array, int images, int height, int width, int channels, FloatMemory memory) implements AutoCloseable {

    /** Allocates memory with undefined content. */
    static ChannelsLast of(int images, int height, int width, int channels, NDManager manager) {
        if ((double) images * height * width * channels * Float.BYTES > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(images + " images of " + height + " x " + width + " pixels with " + channels
                    + " channels are a thread's shard of a batch, and more than the 2 GiB that it can address; a smaller batch or more threads help");
        }
        try (NDArray contiguous = manager.create(new Shape(images, height, width, channels))) {
            return new ChannelsLast(contiguous.transpose(0, 3, 1, 2), images, height, width, channels, FloatMemory.of(contiguous));
        }
    }

    ChannelsLast like(NDManager manager) {
        return of(images, height, width, channels, manager);
    }

    /** Allocates the output of a convolution of this. */
    ChannelsLast convolved(Layer.Conv layer, NDManager manager) {
        var shape = Convolution.Shape.of(layer, images, height, width);
        return of(images, shape.outHeight(), shape.outWidth(), layer.out(), manager);
    }

    /**
     * Wraps an array if its channels lie so already, as in all that libtorch computes of such input, and as one of 1 x 1 pixels if it is
     * [N, C]; copies it otherwise.
     */
    static ChannelsLast of(NDArray array) {
        if (array.getShape().dimension() == 2) {
            return of(array.reshape(array.getShape().get(0), array.getShape().get(1), 1, 1));
        }
        Shape shape = array.getShape();
        try (NDArray permuted = array.transpose(0, 2, 3, 1); NDArray flat = permuted.reshape(-1);
                NDArray contiguous = flat.reshape(permuted.getShape())) {
            return new ChannelsLast(contiguous.transpose(0, 3, 1, 2), (int) shape.get(0), (int) shape.get(2),
                    (int) shape.get(3), (int) shape.get(1), FloatMemory.of(flat));
        }
    }

    FloatMemory part(CacheBlock block) {
        return memory.part(block.from() * numbersPerImage(), block.images() * numbersPerImage());
    }

    int numbersPerImage() {
        return height * width * channels;
    }

    @Override
    public void close() {
        array.close();
    }
}
