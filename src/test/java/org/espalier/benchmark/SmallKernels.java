package org.espalier.benchmark;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.data.Augmentation;
import org.espalier.data.DeviceImages;
import org.espalier.data.MemoryFormat;
import org.espalier.data.Normalisation;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.SameFunction;
import org.espalier.model.families.CifarResNet;
import org.espalier.prune.Plan;
import org.espalier.prune.Pruning;
import org.espalier.prune.criteria.L1Norm;
import org.espalier.random.Randomness;
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

/** What is done on the CPU around a training step. {@code environment/benchmark --kernels} runs it; no test does. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SmallKernels {
    private static final int BATCH = 128;

    private NDManager manager;
    private DeviceImages lastImages;
    private DeviceImages contiguousImages;
    private int[] rows;
    private RandomGenerator random;
    private Network dense;
    private Network pruned;
    private List<Integer> padded;

    /** Batches differ in cost with it, the rest doesn't. */
    @Param({"NONE", "CROP_AND_FLIP"})
    public Augmentation augmentation;

    @Setup
    public void open() {
        manager = NDManager.newBaseManager(Device.cpu());
        lastImages = DeviceImages.on(manager, Workload.images(2000, 32), Normalisation.CIFAR10, MemoryFormat.CHANNELS_LAST);
        contiguousImages = DeviceImages.on(manager, Workload.images(2000, 32), Normalisation.CIFAR10, MemoryFormat.CONTIGUOUS);
        random = Randomness.of(1, "kernels", 0);
        rows = Arrays.copyOf(Randomness.permutation(2000, random), BATCH);
        dense = Initial.network(CifarResNet.of(56, 10), 1);
        pruned = StepPart.pruned(dense, "R56-D");
        padded = pruned.architecture().widths().stream().map(width -> (width + 7) / 8 * 8).toList();
    }

    @TearDown
    public void close() {
        manager.close();
    }

    @Benchmark
    public int[] orderOfAnEpoch() {
        return Randomness.permutation(50_000, random);
    }

    @Benchmark
    public void batchChannelsLast() {
        batch(lastImages);
    }

    @Benchmark
    public void batchContiguous() {
        batch(contiguousImages);
    }

    @Benchmark
    public Network pruneByL1() {
        return Pruning.prune(dense, Plan.parse("R56-D"), new L1Norm());
    }

    @Benchmark
    public Network padForSpeed() {
        return SameFunction.padded(pruned, padded);
    }

    private void batch(DeviceImages images) {
        try (NDManager step = manager.newSubManager()) {
            images.images(step, rows, augmentation, random);
        }
    }
}
