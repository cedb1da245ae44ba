package org.espalier.engine.cpu;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.PointerScope;

/**
 * Computes a convolution with 3 x 3 kernels and its gradients by Winograd's minimal filtering, F(2 x 2, 3 x 3) of Lavin and Gray, "Fast
 * Algorithms for Convolutional Neural Networks" (2016). In the domain of {@link WinogradTiles} it is 16 matrix products, with 4 multiplications
 * for each output, input channel and pixel instead of 9. Two rows of their matrices are negated, so that all take sums and differences of the
 * same pairs of pixels:
 *
 * <pre>
 *     1  0 -1  0          1   0   0           1  0
 * B'= 0  1  1  0    G =  .5  .5  .5     A =   1  1
 *     0  1 -1  0        -.5  .5 -.5           1 -1
 *     0  1  0 -1          0   0  -1           0  1
 * </pre>
 *
 * <p>dL/dx is the convolution of dL/dy with the filters turned by half a turn. dL/dW is 16 products, too: of dL/dy, transformed as an input, and
 * of x, transformed as the gradient of an output; the result is turned by half a turn.
 */
final class Winograd implements Convolution {
    /** The fewest channels, in and out, with which it pays forward: measured, as is the next. */
    private static final int FEWEST_FORWARD = 24;
    /** Backward, where the direct way is slower, and two products share an operand. */
    private static final int FEWEST_BACKWARD = 11;
    private static final int HALVES = 2;

    private final Shape shape;
    private final WinogradDomain domain;
    private final WinogradTiles input;
    private final WinogradTiles output;
    private final WinogradFilters filters;
    private final PointerScope owned = new PointerScope();
    private final OneDnnPrimitive forward;
    private final OneDnnPrimitive backward;
    private final OneDnnPrimitive weightsGradient;

    /** Whether it can compute this: the numbers in its domain have to fit into one {@link GrowingBuffer}. */
    static boolean suits(Shape shape) {
        return shape.kernel() == WinogradFilters.SIDE && shape.stride() == 1 && shape.groups() == 1 && shape.height() % 2 == 0 && shape.width() % 2 == 0
                && GrowingBuffer.holds(4. * shape.images() * shape.height() * shape.width() * Math.max(shape.in(), shape.out()))
                && GrowingBuffer.holds((double) WinogradFilters.NUMBERS * shape.in() * shape.out());
    }

    static boolean paysForward(Shape shape) {
        return suits(shape) && Math.min(shape.in(), shape.out()) >= FEWEST_FORWARD;
    }

    static boolean paysBackward(Shape shape) {
        return suits(shape) && Math.min(shape.in(), shape.out()) >= FEWEST_BACKWARD;
    }

    /** @param shape that it {@linkplain #suits suits} */
    Winograd(Shape shape, WinogradDomain domain) {
        this.shape = shape;
        this.domain = domain;
        try (owned) {
            input = domain.tiles(shape.in(), shape.height(), shape.width());
            output = domain.tiles(shape.out(), shape.height(), shape.width());
            filters = domain.filters(shape.out(), shape.in());
            engine processor = new engine(engine.kind.cpu, 0);
            stream stream = new stream(processor);
            long tiles = (long) shape.images() * input.perImage();
            long in = shape.in();
            long out = shape.out();
            memory.desc x = matrices(tiles, in, 2 * tiles * in, 2 * in, 1);
            memory.desc y = matrices(tiles, out, 2 * tiles * out, 2 * out, 1);
            memory.desc turnedY = matrices(out, tiles, 2 * tiles * out, 1, 2 * out);
            memory.desc weights = matrices(out, in, out * in, in, 1);
            memory.desc turnedWeights = matrices(in, out, out * in, 1, in);
            forward = product(x, turnedWeights, y, processor, stream);
            backward = product(y, weights, x, processor, stream);
            weightsGradient = product(turnedY, x, weights, processor, stream);
            owned.extend(); // What there is by now is kept until this is closed; a plan that fails takes all of it with it.
        }
    }

    private static memory.desc matrices(long rows, long columns, long... strides) {
        return new memory.desc(new long[] {WinogradTiles.PLANES, rows, columns}, memory.data_type.f32, strides);
    }

    private static OneDnnPrimitive product(memory.desc a, memory.desc b, memory.desc c, engine processor, stream stream) {
        var planned = new matmul.primitive_desc(processor, a, b, c, OneDnnPrimitive.ownScratchpad(), false);
        memory left = new memory(a, processor, null);
        memory right = new memory(b, processor, null);
        memory result = new memory(c, processor, null);
        return new OneDnnPrimitive(stream, new matmul(planned)).with(dnnl.DNNL_ARG_SRC, left).with(dnnl.DNNL_ARG_WEIGHTS, right)
                .with(dnnl.DNNL_ARG_DST, result).with(dnnl.DNNL_ARG_SCRATCHPAD, new memory(planned.scratchpad_desc(), processor))
                .naming(left, right, result);
    }

    @Override
    public void forward(BatchWeights weights, FloatMemory x, FloatMemory y) {
        FloatMemory from = tiles(domain.ofInput, shape.in());
        FloatMemory products = tiles(domain.ofOutput, shape.out());
        FloatMemory transformed = domain.transformed(weights, false, filters);
        input.ofInput(x.values(), shape.images(), from.values());
        for (int half = 0; half < HALVES; half++) {
            forward.run(half(from, half, shape.in()), weights(transformed, half), half(products, half, shape.out()));
        }
        output.toOutput(products.values(), shape.images(), y.values());
    }

    @Override
    public void backward(BatchWeights weights, FloatMemory x, FloatMemory dy, FloatMemory dx, GradientSum dw) {
        FloatMemory from = tiles(domain.ofOutput, shape.out());
        FloatMemory other = tiles(domain.ofInput, shape.in());
        output.ofInput(dy.values(), shape.images(), from.values());
        if (dx != null) {
            FloatMemory transformed = domain.transformed(weights, true, filters);
            for (int half = 0; half < HALVES; half++) {
                backward.run(half(from, half, shape.out()), weights(transformed, half), half(other, half, shape.in()));
            }
            input.toOutput(other.values(), shape.images(), dx.values());
        }
        FloatMemory ofFilters = domain.ofFiltersGradient.of(filters.numbers());
        input.ofGradient(x.values(), shape.images(), other.values());
        for (int half = 0; half < HALVES; half++) {
            weightsGradient.run(half(from, half, shape.out()), half(other, half, shape.in()), weights(ofFilters, half));
        }
        filters.addTurnedGradient(ofFilters.values(), dw);
    }

    private FloatMemory tiles(GrowingBuffer scratch, int channels) {
        return scratch.of(shape.images() * input.perImage() * WinogradFilters.NUMBERS * channels);
    }

    private static long half(FloatMemory tiles, int half, int channels) {
        return tiles.address() + (long) half * channels * Float.BYTES;
    }

    private long weights(FloatMemory transformed, int half) {
        return transformed.address() + (long) half * WinogradTiles.PLANES * shape.out() * shape.in() * Float.BYTES;
    }

    @Override
    public void close() {
        owned.deallocate();
    }
}
