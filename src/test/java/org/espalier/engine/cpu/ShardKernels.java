package org.espalier.engine.cpu;

import java.util.Arrays;
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

/** What one thread does with one block of a shard, half a mebibyte, between two convolutions of CIFAR's ResNets. {@code environment/benchmark --kernels} runs it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ShardKernels {
    private static final int NUMBERS = CacheBlock.NUMBERS;

    private final Workspace workspace = new Workspace(false);
    private final FloatMemory values = new GrowingBuffer().of(NUMBERS);
    private final FloatMemory other = new GrowingBuffer().of(NUMBERS);
    private final FloatMemory out = new GrowingBuffer().of(NUMBERS);
    private EngineMode mode;
    private BatchNormKernels kernels;
    private SyncBatchNorm.Affine affine;
    private SyncBatchNorm.Backward backward;

    /** Of a stage; 11 is a width that no vector has. */
    @Param({"16", "32", "64", "11"})
    public int channels;

    @Setup
    public void open() {
        OneDnn.missing().ifPresent(why -> { throw new IllegalStateException(why); });
        mode = ShardedBatch.singleThreaded();
        kernels = workspace.kernels(channels);
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        affine = new SyncBatchNorm.Affine(ones, ones);
        backward = new SyncBatchNorm.Backward(ones, ones, ones);
    }

    @TearDown
    public void close() {
        mode.close();
    }

    @Benchmark
    public Object sums() {
        return kernels.sums(values.values(), size());
    }

    @Benchmark
    public void normRelu() {
        kernels.forward(values.values(), other.values(), out.values(), size(), affine, Activation.RELU);
    }

    @Benchmark
    public Object reluBackward() {
        return kernels.activationBackward(values.values(), null, out.values(), other.values(), size(), affine.shift(), Activation.RELU);
    }

    @Benchmark
    public void normBackward() {
        kernels.normBackward(values.values(), other.values(), out.values(), size(), backward);
    }

    private int size() {
        return NUMBERS / channels * channels;
    }
}
