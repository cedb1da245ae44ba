package org.espalier.compute;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.PointerScope;

/**
 * A convolution with 3 x 3 kernels by Winograd's minimal filtering, F(2 x 2, 3 x 3) of Lavin and Gray, "Fast Algorithms for Convolutional
 * Neural Networks" (2016): in the domain of {@link WinogradTiles} it is 16 matrix products, with 4 multiplications for each output, input
 * channel and pixel instead of 9. Two rows of their matrices are negated, so that all take sums and differences of the same pairs of pixels:
 *
 * <pre>
 *     1  0 -1  0          1   0   0           1  0
 * B'= 0  1  1  0    G =  .5  .5  .5     A =   1  1
 *     0  1 -1  0        -.5  .5 -.5           1 -1
 *     0  1  0 -1          0   0  -1           0  1
 * </pre>
 *
 * <p>The gradient of the images is the convolution of the output's gradient with the filters turned by half a turn. That of the weights is 16
 * products, too: of what that convolution takes, and of the images as if they were the gradient of what it gives, turned by half a turn.
 */
final class Winograd implements Convolution {
    /** The fewest channels, in and out, with which it pays on the way through: measured, as is the next. */
    private static final int FEWEST_FORWARD = 24;
    /** On the way back, where the direct way is slower, and two products share what they take. */
    private static final int FEWEST_BACKWARD = 11;
    private static final int HALVES = 2;

    private final Shape shape;
    private final WinogradDomain domain;
    private final WinogradTiles input;
    private final WinogradTiles output;
    private final WinogradFilters filters;
    private final PointerScope owned = new PointerScope();
    private final Primitive forward;
    private final Primitive backward;
    private final Primitive weightsGradient;

    /** What is computed in the other domain has to fit into one {@link Scratch}. */
    static boolean suits(Shape shape) {
        return shape.kernel() == WinogradFilters.SIDE && shape.stride() == 1 && shape.height() % 2 == 0 && shape.width() % 2 == 0
                && Scratch.holds(4. * shape.images() * shape.height() * shape.width() * Math.max(shape.in(), shape.out()))
                && Scratch.holds((double) WinogradFilters.NUMBERS * shape.in() * shape.out());
    }

    static boolean paysForward(Shape shape) {
        return suits(shape) && Math.min(shape.in(), shape.out()) >= FEWEST_FORWARD;
    }

    static boolean paysBackward(Shape shape) {
        return suits(shape) && Math.min(shape.in(), shape.out()) >= FEWEST_BACKWARD;
    }

    /** @param shape that it suits */
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

    private static Primitive product(memory.desc a, memory.desc b, memory.desc c, engine processor, stream stream) {
        var planned = new matmul.primitive_desc(processor, a, b, c, Primitive.ownScratchpad(), false);
        memory left = new memory(a, processor, null);
        memory right = new memory(b, processor, null);
        memory result = new memory(c, processor, null);
        return new Primitive(stream, new matmul(planned)).with(dnnl.DNNL_ARG_SRC, left).with(dnnl.DNNL_ARG_WEIGHTS, right)
                .with(dnnl.DNNL_ARG_DST, result).with(dnnl.DNNL_ARG_SCRATCHPAD, new memory(planned.scratchpad_desc(), processor))
                .naming(left, right, result);
    }

    @Override
    public void forward(Memory weights, Memory images, Memory to, boolean more) {
        Memory from = tiles(domain.ofInput, shape.in());
        Memory products = tiles(domain.ofOutput, shape.out());
        Memory transformed = transformed(weights, false, more);
        input.ofInput(images.values(), shape.images(), from.values());
        for (int half = 0; half < HALVES; half++) {
            forward.run(half(from, half, shape.in()), weights(transformed, half), half(products, half, shape.out()));
        }
        output.toOutput(products.values(), shape.images(), to.values());
    }

    @Override
    public void backward(Memory weights, Memory images, Memory gradient, Memory ofImages, Memory ofWeights, boolean more) {
        Memory from = tiles(domain.ofOutput, shape.out());
        Memory other = tiles(domain.ofInput, shape.in());
        output.ofInput(gradient.values(), shape.images(), from.values());
        if (ofImages != null) {
            Memory transformed = transformed(weights, true, more);
            for (int half = 0; half < HALVES; half++) {
                backward.run(half(from, half, shape.out()), weights(transformed, half), half(other, half, shape.in()));
            }
            input.toOutput(other.values(), shape.images(), ofImages.values());
        }
        Memory ofFilters = domain.ofFiltersGradient.of(numbersOfFilters());
        input.ofGradient(images.values(), shape.images(), other.values());
        for (int half = 0; half < HALVES; half++) {
            weightsGradient.run(half(from, half, shape.out()), half(other, half, shape.in()), weights(ofFilters, half));
        }
        filters.turnedGradient(ofFilters.values(), ofWeights.values(), more);
    }

    /** Still there if it's for more images: those of a batch have one layer's plans in turn, whose filters are of one size. */
    private Memory transformed(Memory weights, boolean turned, boolean more) {
        Memory transformed = domain.ofFilters.of(numbersOfFilters());
        if (!more) {
            filters.transform(weights.values(), turned, transformed.values());
        }
        return transformed;
    }

    private Memory tiles(Scratch scratch, int channels) {
        return scratch.of(shape.images() * input.perImage() * WinogradFilters.NUMBERS * channels);
    }

    private int numbersOfFilters() {
        return WinogradFilters.NUMBERS * shape.out() * shape.in();
    }

    private static long half(Memory tiles, int half, int channels) {
        return tiles.address() + (long) half * channels * Float.BYTES;
    }

    private long weights(Memory transformed, int half) {
        return transformed.address() + (long) half * WinogradTiles.PLANES * shape.out() * shape.in() * Float.BYTES;
    }

    @Override
    public void close() {
        owned.deallocate();
    }
}
