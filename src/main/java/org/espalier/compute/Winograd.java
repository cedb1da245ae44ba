package org.espalier.compute;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.PointerScope;

/**
 * A convolution with 3 x 3 kernels by Winograd's minimal filtering, F(2 x 2, 3 x 3) of Lavin and Gray, "Fast Algorithms for Convolutional
 * Neural Networks" (2016): in the domain of {@link WinogradTiles} it is 16 matrix products, with 4 multiplications for each output, input
 * channel and pixel instead of 9. The gradient of the images is the convolution with the filters turned by half a turn, that of the weights
 * 16 matrix products as well. Two rows of their matrices are negated, so that all take sums and differences of the same pairs of pixels:
 *
 * <pre>
 *     1  0 -1  0          1   0   0           1  0
 * B'= 0  1  1  0    G =  .5  .5  .5     A =   1  1
 *     0  1 -1  0        -.5  .5 -.5           1 -1
 *     0  1  0 -1          0   0  -1           0  1
 * </pre>
 */
final class Winograd implements Convolution {
    /** A quarter of a mebibyte in either domain, besides what a piece has in the second-level cache. */
    private static final int NUMBERS = 1 << 16;
    /** Narrower ones don't save enough multiplications to pay for the ways to the other domain and back. */
    private static final int NARROWEST = 16;
    private static final int HALVES = 2;

    private final Shape shape;
    private final Scratch tiles;
    private final Scratch products;
    private final WinogradTiles ofInput;
    private final WinogradTiles ofOutput;
    private final WinogradFilters filters;
    private final Memory transformed;
    private final PointerScope owned = new PointerScope();
    private final int blocks;
    /** For blocks of images, and for those with one image more. */
    private final Products[] plans = new Products[2];

    static boolean pays(Shape shape) {
        return shape.kernel() == 3 && shape.stride() == 1 && shape.height() % 2 == 0 && shape.width() % 2 == 0
                && Math.min(shape.in(), shape.out()) >= NARROWEST && imagesPerBlock(shape) > 0;
    }

    private static int imagesPerBlock(Shape shape) {
        return NUMBERS / (4 * shape.height() * shape.width() * Math.max(shape.in(), shape.out()));
    }

    Winograd(Shape shape, Scratch tiles, Scratch products) {
        this.shape = shape;
        this.tiles = tiles;
        this.products = products;
        ofInput = new WinogradTiles(shape.in(), shape.height(), shape.width());
        ofOutput = new WinogradTiles(shape.out(), shape.height(), shape.width());
        filters = new WinogradFilters(shape.out(), shape.in());
        transformed = new Scratch().of(WinogradFilters.NUMBERS * shape.out() * shape.in());
        int most = Math.max(1, imagesPerBlock(shape));
        blocks = (shape.images() + most - 1) / most;
        try (owned) {
            engine processor = new engine(engine.kind.cpu, 0);
            stream stream = new stream(processor);
            plans[0] = new Products(shape, shape.images() / blocks * ofInput.perImage(), processor, stream);
            if (shape.images() % blocks > 0) {
                plans[1] = new Products(shape, (shape.images() / blocks + 1) * ofInput.perImage(), processor, stream);
            }
            owned.extend(); // What there is by now is kept until this is closed; a plan that fails takes all of it with it.
        }
    }

    @Override
    public void forward(Memory weights, Memory images, Memory output) {
        filters.transform(weights.values(), false, transformed.values());
        for (int block = 0; block < blocks; block++) {
            int size = images(block);
            Memory from = tiles.of(numbers(size, shape.in()));
            Memory to = products.of(numbers(size, shape.out()));
            ofInput.ofInput(images.values(), first(block), size, from.values());
            plan(block).forward(from, transformed, to);
            ofOutput.toOutput(to.values(), output.values(), first(block), size);
        }
    }

    @Override
    public void backward(Memory weights, Memory gradient, Memory ofImages) {
        filters.transform(weights.values(), true, transformed.values());
        for (int block = 0; block < blocks; block++) {
            int size = images(block);
            Memory from = products.of(numbers(size, shape.out()));
            Memory to = tiles.of(numbers(size, shape.in()));
            ofOutput.ofInput(gradient.values(), first(block), size, from.values());
            plan(block).backward(from, transformed, to);
            ofInput.toOutput(to.values(), ofImages.values(), first(block), size);
        }
    }

    @Override
    public void weightsGradient(Memory images, Memory gradient, Memory ofWeights) {
        for (int block = 0; block < blocks; block++) {
            int size = images(block);
            Memory from = tiles.of(numbers(size, shape.in()));
            Memory of = products.of(numbers(size, shape.out()));
            ofInput.ofInput(images.values(), first(block), size, from.values());
            ofOutput.ofGradient(gradient.values(), first(block), size, of.values());
            plan(block).weightsGradient(from, of, transformed, block > 0);
        }
        filters.gradient(transformed.values(), ofWeights.values());
    }

    private int numbers(int images, int channels) {
        return images * ofInput.perImage() * WinogradFilters.NUMBERS * channels;
    }

    /** The larger ones first. */
    private int images(int block) {
        return shape.images() / blocks + (block < shape.images() % blocks ? 1 : 0);
    }

    private int first(int block) {
        return block * (shape.images() / blocks) + Math.min(block, shape.images() % blocks);
    }

    private Products plan(int block) {
        return plans[images(block) - shape.images() / blocks];
    }

    @Override
    public void close() {
        owned.deallocate();
    }

    /** The matrix products of so many tiles, for either half of them at a time. */
    private static final class Products {
        private final Shape shape;
        private final Primitive forward;
        private final Primitive backward;
        private final Primitive firstGradient;
        private final Primitive moreGradient;

        Products(Shape shape, int tiles, engine processor, stream stream) {
            this.shape = shape;
            long in = shape.in();
            long out = shape.out();
            memory.desc x = matrices(tiles, in, 2 * tiles * in, 2 * in, 1);
            memory.desc y = matrices(tiles, out, 2 * tiles * out, 2 * out, 1);
            memory.desc turnedY = matrices(out, tiles, 2 * tiles * out, 1, 2 * out);
            memory.desc weights = matrices(out, in, out * in, in, 1);
            memory.desc turnedWeights = matrices(in, out, out * in, 1, in);
            forward = product(x, turnedWeights, y, Primitive.ownScratchpad(), processor, stream);
            backward = product(y, weights, x, Primitive.ownScratchpad(), processor, stream);
            firstGradient = product(turnedY, x, weights, Primitive.ownScratchpad(), processor, stream);
            primitive_attr adding = Primitive.ownScratchpad();
            post_ops sum = new post_ops();
            sum.append_sum();
            adding.set_post_ops(sum);
            moreGradient = product(turnedY, x, weights, adding, processor, stream);
        }

        private static memory.desc matrices(long rows, long columns, long... strides) {
            return new memory.desc(new long[] {WinogradTiles.PLANES, rows, columns}, memory.data_type.f32, strides);
        }

        private static Primitive product(memory.desc a, memory.desc b, memory.desc c, primitive_attr attributes, engine processor, stream stream) {
            var planned = new matmul.primitive_desc(processor, a, b, c, attributes, false);
            memory left = new memory(a, processor, null);
            memory right = new memory(b, processor, null);
            memory result = new memory(c, processor, null);
            return new Primitive(stream, new matmul(planned)).with(dnnl.DNNL_ARG_SRC, left).with(dnnl.DNNL_ARG_WEIGHTS, right)
                    .with(dnnl.DNNL_ARG_DST, result).with(dnnl.DNNL_ARG_SCRATCHPAD, new memory(planned.scratchpad_desc(), processor))
                    .naming(left, right, result);
        }

        void forward(Memory x, Memory weights, Memory y) {
            for (int half = 0; half < HALVES; half++) {
                forward.run(half(x, half, shape.in()), weights(weights, half), half(y, half, shape.out()));
            }
        }

        void backward(Memory y, Memory weights, Memory x) {
            for (int half = 0; half < HALVES; half++) {
                backward.run(half(y, half, shape.out()), weights(weights, half), half(x, half, shape.in()));
            }
        }

        /** @param more whether it's added to what is there */
        void weightsGradient(Memory x, Memory y, Memory weights, boolean more) {
            for (int half = 0; half < HALVES; half++) {
                (more ? moreGradient : firstGradient).run(half(y, half, shape.out()), half(x, half, shape.in()), weights(weights, half));
            }
        }

        private static long half(Memory tiles, int half, int channels) {
            return tiles.address() + (long) half * channels * Float.BYTES;
        }

        private long weights(Memory transformed, int half) {
            return transformed.address() + (long) half * WinogradTiles.PLANES * shape.out() * shape.in() * Float.BYTES;
        }
    }
}
