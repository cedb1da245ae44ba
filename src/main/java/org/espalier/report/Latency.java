package org.espalier.report;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntToDoubleFunction;
import org.espalier.data.MemoryFormat;
import org.espalier.engine.device.Devices;
import org.espalier.engine.Execution;
import org.espalier.engine.DeviceNetwork;
import org.espalier.model.Network;

/** How long networks really take, on the device at hand and as they are executed there. */
public final class Latency {
    private static final int BATCH = 64;
    private static final int TIMES = 9;
    private static final int WARM_UP = 2;
    private static final long PAUSE_NANOS = 10_000_000;

    private Latency() {
    }

    /**
     * Seconds for one image in a batch of {@value BATCH}, for each network: the median of {@value TIMES} forward passes. The networks take
     * turns, so that a machine that is busy for a while slows all of them.
     */
    public static double[] of(List<Network> networks, int height, int width) {
        Device device = Devices.current();
        List<DeviceNetwork> live = new ArrayList<>();
        try {
            networks.forEach(network -> live.add(DeviceNetwork.on(device, network, Execution.on(device, network.architecture()))));
            return medians(networks.size(), i -> pass(live.get(i), networks.get(i).architecture().channels(), height, width));
        } finally {
            live.forEach(DeviceNetwork::close);
        }
    }

    /** The same in ONNX Runtime, which runs what {@code save(network, path.onnx)} writes; empty where it isn't on the class path or not for this machine. */
    public static Optional<double[]> ofOnnxRuntime(List<Network> networks, int height, int width) {
        List<OnnxSession> sessions = new ArrayList<>();
        try {
            networks.forEach(network -> sessions.add(OnnxSession.of(network)));
            // Outside of Java's heap, so that nothing is copied while the clock runs.
            int most = BATCH * height * width * networks.stream().mapToInt(network -> network.architecture().channels()).max().orElse(0);
            FloatBuffer images = ByteBuffer.allocateDirect(Math.multiplyExact(4, most)).order(ByteOrder.nativeOrder()).asFloatBuffer();
            return Optional.of(medians(networks.size(), i -> {
                long[] shape = {BATCH, networks.get(i).architecture().channels(), height, width};
                FloatBuffer batch = images.slice(0, (int) Arrays.stream(shape).reduce(1, Math::multiplyExact));
                long start = System.nanoTime();
                sessions.get(i).logits(batch, shape);
                return (System.nanoTime() - start) / 1e9;
            }));
        } catch (LinkageError e) {
            return Optional.empty();
        } finally {
            sessions.forEach(OnnxSession::close);
        }
    }

    private static double[] medians(int networks, IntToDoubleFunction seconds) {
        double[][] taken = new double[networks][TIMES];
        for (int time = -WARM_UP; time < TIMES; time++) {
            for (int i = 0; i < networks; i++) {
                double pass = seconds.applyAsDouble(i);
                if (time >= 0) {
                    taken[i][time] = pass / BATCH;
                }
            }
        }
        return Arrays.stream(taken).mapToDouble(times -> Arrays.stream(times).sorted().toArray()[TIMES / 2]).toArray();
    }

    private static double pass(DeviceNetwork live, int channels, int height, int width) {
        try (NDManager step = live.manager().newSubManager(); var mode = live.mode()) {
            NDArray images = live.execution().layout() == MemoryFormat.CHANNELS_LAST ? step.zeros(new Shape(BATCH, height, width, channels)).transpose(0, 3, 1, 2)
                    : step.zeros(new Shape(BATCH, channels, height, width));
            // The threads of the network before keep their processors for a moment yet.
            LockSupport.parkNanos(PAUSE_NANOS);
            long start = System.nanoTime();
            // Reading one number waits for the device.
            live.logits(images).getFloat(0, 0);
            return (System.nanoTime() - start) / 1e9;
        }
    }
}
