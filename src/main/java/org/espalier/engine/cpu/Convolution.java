package org.espalier.engine.cpu;


/**
 * Computes a convolution y = W * x and its gradients dL/dx and dL/dW, planned for so many images of one size and for one thread. Images are
 * [images, height, width, channels] in memory, weights [out, side, side, in / groups]. Not for several threads at once.
 */
sealed interface Convolution extends AutoCloseable permits DirectConvolution, Winograd {

    /** What a plan depends on. */
    record Shape(int in, int out, int kernel, int stride, int groups, int images, int height, int width) {
        /** Of one group. */
        Shape(int in, int out, int kernel, int stride, int images, int height, int width) {
            this(in, out, kernel, stride, 1, images, height, width);
        }

        static Shape of(Layer.Conv layer, int images, int height, int width) {
            return new Shape(layer.in(), layer.out(), layer.kernel(), layer.stride(), layer.groups(), images, height, width);
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

    /** Computes y of x. */
    void forward(BatchWeights weights, FloatMemory x, FloatMemory y);

    /**
     * Computes dL/dx of dL/dy, and adds dL/dW.
     *
     * @param dx null if nobody needs it
     */
    void backward(BatchWeights weights, FloatMemory x, FloatMemory dy, FloatMemory dx, GradientSum dw);

    @Override
    void close();
}
