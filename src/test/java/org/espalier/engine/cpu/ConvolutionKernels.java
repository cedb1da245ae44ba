package org.espalier.engine.cpu;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.espalier.engine.device.EngineMode;

/**
 * What one thread does with one block of a shard, a quarter of a mebibyte, in a convolution of CIFAR's ResNets, whole and pruned.
 * {@code environment/benchmark --kernels} runs it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ConvolutionKernels {
    /** Channels in and out, and an image's side. */
    @Param({"16x32", "11x32", "32x16", "22x16", "64x8", "45x8"})
    public String of;

    @Param({"true", "false"})
    public boolean winograd;

    private EngineMode mode;
    private Convolution convolution;
    private FloatMemory values;
    private FloatMemory other;
    private FloatMemory weights;
    private FloatMemory ofValues;
    private FloatMemory ofWeights;

    @Setup
    public void open() {
        int channels = Integer.parseInt(of.substring(0, of.indexOf('x')));
        int side = Integer.parseInt(of.substring(of.indexOf('x') + 1));
        OneDnn.missing().ifPresent(why -> { throw new IllegalStateException(why); });
        mode = ShardedBatch.singleThreaded();
        int images = CacheBlock.WINOGRAD_NUMBERS / (channels * side * side);
        var shape = new Convolution.Shape(channels, channels, 3, 1, images, side, side);
        convolution = winograd ? new Winograd(shape, new WinogradDomain()) : new DirectConvolution(shape);
        values = new GrowingBuffer().of(shape.images() * side * side * channels);
        other = new GrowingBuffer().of(values.size());
        weights = new GrowingBuffer().of(channels * channels * 9);
        ofValues = new GrowingBuffer().of(values.size());
        ofWeights = new GrowingBuffer().of(weights.size());
    }

    @TearDown
    public void close() {
        convolution.close();
        mode.close();
    }

    @Benchmark
    public void forward() {
        convolution.forward(new BatchWeights(weights), values, other);
    }

    @Benchmark
    public void backward() {
        convolution.backward(new BatchWeights(weights), values, other, ofValues, new GradientSum(ofWeights));
    }
}
