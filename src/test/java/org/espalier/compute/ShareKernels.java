package org.espalier.compute;

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

/** What one thread does with one piece of a share, half a mebibyte, between two convolutions of CIFAR's ResNets. {@code environment/benchmark --kernels} runs it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ShareKernels {
    private static final int NUMBERS = Piece.NUMBERS;

    private final Workspace workspace = new Workspace(false);
    private final Memory values = new Scratch().of(NUMBERS);
    private final Memory other = new Scratch().of(NUMBERS);
    private final Memory out = new Scratch().of(NUMBERS);
    private EngineMode mode;
    private ChannelRows rows;
    private SharedNorm.Affine affine;
    private SharedNorm.Backward backward;

    /** Of a stage; 11 is a width that no vector has. */
    @Param({"16", "32", "64", "11"})
    public int channels;

    @Setup
    public void open() {
        OneDnn.missing().ifPresent(why -> { throw new IllegalStateException(why); });
        mode = EngineMode.ofShares();
        rows = workspace.rows(channels);
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        affine = new SharedNorm.Affine(ones, ones);
        backward = new SharedNorm.Backward(ones, ones, ones);
    }

    @TearDown
    public void close() {
        mode.close();
    }

    @Benchmark
    public Object moments() {
        return rows.moments(values.values(), size());
    }

    @Benchmark
    public void rectify() {
        rows.rectify(values.values(), other.values(), out.values(), size(), affine);
    }

    @Benchmark
    public Object mask() {
        return rows.mask(values.values(), null, out.values(), other.values(), size(), affine.shift());
    }

    @Benchmark
    public void combine() {
        rows.combine(values.values(), other.values(), out.values(), size(), backward);
    }

    private int size() {
        return NUMBERS / channels * channels;
    }
}
