package org.espalier.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.engine.device.EngineMode;
import org.espalier.engine.device.Recording;
import org.espalier.engine.device.Libtorch;
import org.espalier.engine.Operations;
import org.espalier.model.Op;
import org.espalier.random.Randomness;
import org.junit.jupiter.api.Test;

/** Against the engine's own convolution and the gradients that it records. */
class ConvolutionTest {
    @Property(tries = 60)
    void theOutputAndBothGradientsAreTheEngines(@ForAll @IntRange(min = 1, max = 35) int in, @ForAll @IntRange(min = 1, max = 35) int out,
            @ForAll boolean pointwise, @ForAll boolean strided, @ForAll boolean depthwise, @ForAll @IntRange(min = 1, max = 5) int images,
            @ForAll @IntRange(min = 1, max = 9) int height, @ForAll @IntRange(min = 1, max = 9) int width, @ForAll long seed) {
        Layer.Conv layer = new Layer.Conv("conv", in, depthwise ? in : out, pointwise ? 1 : 3, strided && !pointwise ? 2 : 1, depthwise ? in : 1);
        Convolution.Shape shape = Convolution.Shape.of(layer, images, height, width);
        assertTheEngines(layer, shape, new DirectConvolution(shape), seed);
    }

    @Property(tries = 60)
    void soAreWinogradsForAnyChannelsAndEvenSides(@ForAll @IntRange(min = 1, max = 70) int in, @ForAll @IntRange(min = 1, max = 70) int out,
            @ForAll @IntRange(min = 1, max = 5) int images, @ForAll @IntRange(min = 1, max = 9) int tilesDown,
            @ForAll @IntRange(min = 1, max = 9) int tilesAcross, @ForAll long seed) {
        Layer.Conv layer = new Layer.Conv("conv", in, out, 3, 1);
        Convolution.Shape shape = Convolution.Shape.of(layer, images, 2 * tilesDown, 2 * tilesAcross);
        assertTheEngines(layer, shape, new Winograd(shape, new WinogradDomain()), seed);
    }

    @Test
    void winogradsAreForThreeByThreeKernelsWithoutStridesOnEvenSidesAndPayBackwardFirst() {
        Convolution.Shape shape = new Convolution.Shape(16, 16, 3, 1, 4, 32, 32);
        assertTrue(Winograd.suits(shape) && Winograd.paysBackward(shape));
        assertFalse(Winograd.paysForward(shape));
        assertTrue(Winograd.paysForward(new Convolution.Shape(32, 64, 3, 1, 4, 32, 32)));
        for (Convolution.Shape other : List.of(new Convolution.Shape(32, 32, 1, 1, 4, 32, 32), new Convolution.Shape(32, 32, 3, 2, 4, 32, 32),
                new Convolution.Shape(32, 32, 3, 1, 4, 31, 32), new Convolution.Shape(32, 32, 3, 1, 4, 32, 31),
                new Convolution.Shape(32, 32, 3, 1, 1, 2048, 2048), new Convolution.Shape(12_000, 12_000, 3, 1, 1, 2, 2))) {
            assertFalse(Winograd.suits(other) || Winograd.paysForward(other) || Winograd.paysBackward(other), other.toString());
        }
    }

    /** Blocks of a batch differ by one image: two plans, of which the second one finds the filters where the first one left them. */
    @Property(tries = 30)
    void winogradsOfTwoBlocksOfABatchAreTheDirectOnesOfAll(@ForAll @IntRange(min = 1, max = 40) int in, @ForAll boolean square,
            @ForAll @IntRange(min = 1, max = 40) int width, @ForAll long seed) {
        RandomGenerator random = Randomness.of(seed, "pieces", 0);
        int out = square ? in : width;
        int side = 6;
        WinogradDomain domain = new WinogradDomain();
        var larger = new Convolution.Shape(in, out, 3, 1, 4, side, side);
        var smaller = new Convolution.Shape(in, out, 3, 1, 3, side, side);
        try (Convolution first = new Winograd(larger, domain); Convolution second = new Winograd(smaller, domain);
                Convolution other = new Winograd(new Convolution.Shape(out + 1, in, 3, 1, 2, 4, 4), domain);
                Convolution all = new DirectConvolution(new Convolution.Shape(in, out, 3, 1, 7, side, side));
                NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            ChannelsLast weights = random(random, out, 3, 3, in, manager);
            ChannelsLast x = random(random, 7, side, side, in, manager);
            ChannelsLast gradient = random(random, 7, side, side, out, manager);
            CacheBlock four = new CacheBlock(0, 4);
            CacheBlock three = new CacheBlock(4, 3);
            ChannelsLast expected = gradient.like(manager);
            ChannelsLast expectedOfX = x.like(manager);
            ChannelsLast expectedOfWeights = weights.like(manager);
            all.forward(new BatchWeights(weights.memory()), x.memory(), expected.memory());
            all.backward(new BatchWeights(weights.memory()), x.memory(), gradient.memory(), expectedOfX.memory(), new GradientSum(expectedOfWeights.memory()));
            ChannelsLast y = gradient.like(manager);
            ChannelsLast ofX = x.like(manager);
            ChannelsLast ofWeights = weights.like(manager);
            for (int again = 0; again < 2; again++) {
                BatchWeights w = new BatchWeights(weights.memory());
                first.forward(w, x.part(four), y.part(four));
                second.forward(w, x.part(three), y.part(three));
                assertClose(expected.array(), y);
                GradientSum dw = new GradientSum(ofWeights.memory());
                first.backward(w, x.part(four), gradient.part(four), ofX.part(four), dw);
                second.backward(w, x.part(three), gradient.part(three), ofX.part(three), dw);
                assertClose(expectedOfX.array(), ofX);
                assertClose(expectedOfWeights.array(), ofWeights);
                ChannelsLast ofOther = random(random, in, 3, 3, out + 1, manager);
                other.forward(new BatchWeights(ofOther.memory()), random(random, 2, 4, 4, out + 1, manager).memory(), ChannelsLast.of(2, 4, 4, in, manager).memory());
            }
        }
    }

    /** Weights of two layers in turn, block by block: neither may take the other's transform for its own. */
    @Test
    void twoLayersInTurnFindTheirOwnWeights() {
        RandomGenerator random = Randomness.of(1, "turns", 0);
        var shape = new Convolution.Shape(4, 4, 3, 1, 2, 4, 4);
        try (Convolution winograd = new Winograd(shape, new WinogradDomain()); Convolution direct = new DirectConvolution(shape);
                NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            ChannelsLast x = random(random, 2, 4, 4, 4, manager);
            BatchWeights[] layers = {new BatchWeights(random(random, 4, 3, 3, 4, manager).memory()), new BatchWeights(random(random, 4, 3, 3, 4, manager).memory())};
            for (int i = 0; i < 4; i++) {
                ChannelsLast expected = x.like(manager);
                ChannelsLast y = x.like(manager);
                direct.forward(layers[i % 2], x.memory(), expected.memory());
                winograd.forward(layers[i % 2], x.memory(), y.memory());
                assertClose(expected.array(), y);
            }
        }
    }

    /** Its gradients of them overwrote other memory: a JVM that repeated them ended. */
    @Test
    void oneDnnsPointwiseKernelsWithStridesAreRefused() {
        var shape = new Convolution.Shape(2, 1, 1, 2, 1, 6, 8);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new DirectConvolution(shape)).getMessage().contains("1 x 1"));
    }

    private static void assertTheEngines(Layer.Conv layer, Convolution.Shape shape, Convolution planned, long seed) {
        RandomGenerator random = Randomness.of(seed, "convolution", 0);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu()); Recording off = Recording.off();
                Convolution convolution = planned) {
            ChannelsLast x = random(random, shape.images(), shape.height(), shape.width(), shape.in(), manager);
            ChannelsLast weights = random(random, shape.out(), layer.kernel(), layer.kernel(), shape.in() / shape.groups(), manager);
            ChannelsLast gradient = random(random, shape.images(), shape.outHeight(), shape.outWidth(), shape.out(), manager);
            NDArray leafX = Recording.leaf(x.array());
            NDArray leafWeights = Recording.leaf(weights.array());
            NDArray expected = Recording.of(() -> Operations.compute(new Op.Conv2d(layer.in(), layer.out(), layer.kernel(), layer.stride(),
                    layer.kernel() / 2, layer.groups(), false), "conv", List.of(leafX), Map.of("conv.weight", leafWeights), true));
            Libtorch.backward(expected, gradient.array());

            ChannelsLast y = gradient.like(manager);
            BatchWeights w = new BatchWeights(weights.memory());
            convolution.forward(w, x.memory(), y.memory());
            assertClose(expected, y);
            convolution.forward(w, x.memory(), y.memory());
            assertClose(expected, y);
            ChannelsLast ofX = x.like(manager);
            ChannelsLast ofWeights = weights.like(manager);
            GradientSum dw = new GradientSum(ofWeights.memory());
            convolution.backward(w, x.memory(), gradient.memory(), ofX.memory(), dw);
            assertClose(leafX.getGradient(), ofX);
            assertClose(leafWeights.getGradient(), ofWeights);
            convolution.backward(w, x.memory(), gradient.memory(), ofX.memory(), dw);
            assertClose(leafX.getGradient(), ofX);
            assertClose(leafWeights.getGradient().mul(2), ofWeights);
            convolution.backward(w, x.memory(), gradient.memory(), null, new GradientSum(ofWeights.memory()));
            assertClose(leafWeights.getGradient(), ofWeights);
        }
    }

    @Test
    void aShardsThreadGetsNoOthersFromOneDnnAndWholeBatchesHaveTheirsBack() throws InterruptedException {
        OneDnn.missing();
        int before = OneDnn.threads();
        int engineBefore = Libtorch.threads();
        int[] ofShards = new int[ThreadTeam.THREADS];
        try (EngineMode mode = ShardedBatch.singleThreaded(); ThreadTeam team = new ThreadTeam(ThreadTeam.THREADS)) {
            team.run(ThreadTeam.THREADS, i -> ofShards[i] = OneDnn.threads());
            for (int threads : ofShards) {
                assertEquals(1, threads);
            }
        }
        assertEquals(before, OneDnn.threads());
        assertEquals(engineBefore, Libtorch.threads());
        int[] later = new int[1];
        Thread started = new Thread(() -> later[0] = Libtorch.threads());
        started.start();
        started.join();
        assertEquals(engineBefore, later[0], "a thread that starts afterwards");
    }

    private static ChannelsLast random(RandomGenerator random, int images, int height, int width, int channels, NDManager manager) {
        float[] values = new float[images * height * width * channels];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        ChannelsLast array = ChannelsLast.of(images, height, width, channels, manager);
        array.memory().values().put(0, values);
        assertEquals(new Shape(images, channels, height, width), array.array().getShape());
        return array;
    }

    private static void assertClose(NDArray expected, ChannelsLast actual) {
        float[] values = expected.toFloatArray();
        float largest = 1;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertArrayEquals(values, actual.array().toFloatArray(), 1e-5f * largest);
    }
}
