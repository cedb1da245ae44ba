package org.espalier.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.model.Architecture;
import org.espalier.data.MemoryFormat;
import org.espalier.engine.Execution;
import org.espalier.model.Initial;
import org.espalier.engine.DeviceNetwork;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.random.Randomness;

/** A few optimizer steps on random images, for tests that compare networks. */
final class Steps {
    /** Small, so that these tests are fast: what is compared doesn't depend on it. */
    private static final int SIDE = 16;

    private Steps() {
    }

    /** Initial weights with batch norm's vectors all different. A block adds little to its input, so that rounding doesn't grow with depth. */
    static Network random(Architecture architecture, long seed) {
        Network initial = Initial.network(architecture, seed);
        Map<String, Tensor> norms = new HashMap<>();
        RandomGenerator random = Randomness.of(seed, "test", 0);
        initial.weights().tensors().forEach((name, tensor) -> {
            if (tensor.shape().length == 1) {
                float[] values = tensor.values();
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (values[i] * (name.contains("bn2") && name.endsWith(".weight") ? .3 : 1) + .2 * random.nextDouble());
                }
                norms.put(name, Tensor.of(values, tensor.shape()));
            }
        });
        return new Network(architecture, initial.weights().with(norms));
    }

    static float[] logits(Network network, Execution execution, int images, long seed) {
        return logits(Device.cpu(), network, execution, images, seed);
    }

    static float[] logits(Device device, Network network, Execution execution, int images, long seed) {
        try (DeviceNetwork live = DeviceNetwork.on(device, network, execution); var mode = live.mode()) {
            return live.logits(images(live, images, seed)).toFloatArray();
        }
    }

    /** The network after so many steps, with momentum, decay and a moving rate. */
    static Network trained(Network network, Execution execution, int steps, long seed) {
        return trained(Device.cpu(), network, execution, steps, seed);
    }

    static Network trained(Device device, Network network, Execution execution, int steps, long seed) {
        try (DeviceNetwork live = DeviceNetwork.on(device, network, execution); var mode = live.mode()) {
            Sgd sgd = new Sgd(live.parameters().trained(), 1e-3, false);
            for (int i = 0; i < steps; i++) {
                try (NDManager step = live.manager().newSubManager()) {
                    NDArray images = images(step, live, 16, seed + i);
                    NDArray labels = step.create(new long[] {0, 3, 5, 9, 1, 2, 4, 6, 7, 8, 0, 1, 2, 3, 4, 5});
                    live.learn(images, labels);
                    sgd.step(live.gradients(), .001 + .0002 * i, .9);
                }
            }
            return live.snapshot();
        }
    }

    private static NDArray images(DeviceNetwork live, int count, long seed) {
        return images(live.manager(), live, count, seed);
    }

    private static NDArray images(NDManager manager, DeviceNetwork live, int count, long seed) {
        RandomGenerator random = Randomness.of(seed, "images", 0);
        float[] values = new float[count * SIDE * SIDE * 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        NDArray nhwc = manager.create(values, new Shape(count, SIDE, SIDE, 3)).transpose(0, 3, 1, 2);
        return live.execution().layout() == MemoryFormat.CHANNELS_LAST ? nhwc : nhwc.add(manager.zeros(nhwc.getShape()));
    }
}
