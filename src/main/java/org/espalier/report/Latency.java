package org.espalier.report;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.espalier.model.Execution;
import org.espalier.model.Gradients;
import org.espalier.model.LiveNetwork;
import org.espalier.model.Network;

/** How long a network really takes, on the device at hand and as it is executed there. */
public final class Latency {
    private static final int BATCH = 64;
    private static final int TIMES = 7;

    private Latency() {
    }

    /** Seconds for one image in a batch of {@value BATCH}: the median of {@value TIMES} forward passes after two to warm up. */
    public static double of(Network network, int height, int width) {
        Device device = Engine.getInstance().defaultDevice();
        try (LiveNetwork live = LiveNetwork.on(device, network, Execution.on(device)); var guard = Gradients.off()) {
            Shape nhwc = new Shape(BATCH, height, width, network.architecture().channels());
            double[] seconds = new double[TIMES + 2];
            for (int i = 0; i < seconds.length; i++) {
                try (NDManager step = live.manager().newSubManager()) {
                    NDArray images = live.execution().channelsLast() ? step.zeros(nhwc).transpose(0, 3, 1, 2)
                            : step.zeros(new Shape(BATCH, nhwc.get(3), height, width));
                    long start = System.nanoTime();
                    // Reading one number waits for the device.
                    live.forward(images, false).getFloat(0, 0);
                    seconds[i] = (System.nanoTime() - start) / 1e9 / BATCH;
                }
            }
            double[] counted = Arrays.copyOfRange(seconds, 2, seconds.length);
            Arrays.sort(counted);
            return counted[TIMES / 2];
        }
    }
}
