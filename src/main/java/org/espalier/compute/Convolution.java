package org.espalier.compute;

import org.espalier.model.Layer;

/**
 * A convolution of so many images of one size, and its gradients, planned for one thread. Images are [images, height, width, channels] in
 * memory, weights [out, side, side, in]. Not for several threads at once.
 */
sealed interface Convolution extends AutoCloseable permits DirectConvolution, Winograd {

    /** What a plan depends on. */
    record Shape(int in, int out, int kernel, int stride, int images, int height, int width) {
        static Shape of(Layer.Conv layer, int images, int height, int width) {
            return new Shape(layer.in(), layer.out(), layer.kernel(), layer.stride(), images, height, width);
        }

        int padding() {
            return kernel / 2;
        }

        int outHeight() {
            return (height + 2 * padding() - kernel) / stride + 1;
        }

        int outWidth() {
            return (width + 2 * padding() - kernel) / stride + 1;
        }
    }

    /** @param more whether the call before, of all convolutions of one {@link Workspace}, was this one for other images: same layer, same weights */
    void forward(Memory weights, Memory images, Memory output, boolean more);

    /**
     * Of the output's gradient, that of the images and that of the weights.
     *
     * @param ofImages null if nobody needs it, which is so for all images of a batch or for none
     * @param more     as in {@link #forward}; the weights' gradient is added to what is there then
     */
    void backward(Memory weights, Memory images, Memory gradient, Memory ofImages, Memory ofWeights, boolean more);

    @Override
    void close();
}
