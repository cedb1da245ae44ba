package org.espalier.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.data.MemoryFormat;
import org.espalier.engine.BatchLoss;
import org.espalier.engine.DeviceNetwork;
import org.espalier.engine.device.EngineMode;
import org.espalier.engine.Execution;
import org.espalier.engine.device.Libtorch;
import org.espalier.model.Architecture;
import org.espalier.model.GraphNode;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.NodeChain;
import org.espalier.model.Op;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Shortcut;
import org.espalier.model.families.Vgg;
import org.espalier.random.Randomness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What shards of a batch compute is what libtorch computes of the whole batch by its own batch norm and its own gradients. */
class ShardedBatchTest {
    private static final Execution WHOLE = new Execution.WholeBatch(MemoryFormat.CONTIGUOUS, 1);
    private static final Execution SHARDED = new Execution.Sharded(false);
    private static final Execution WINOGRAD = new Execution.Sharded(true);

    static List<Architecture> architectures() {
        return List.of(CifarResNet.of(8, 10), CifarResNet.of(14, 10).withWidths(List.of(3, 17, 5, 40, 1, 64)),
                CifarResNet.dense(8, List.of(4, 4, 4), 1, 3, Shortcut.AVERAGE), new Mixed(3, 4),
                new SharedPool(3, 4, false), new SharedPool(3, 4, true), new Vgg(List.of(5, 8, 24, 3, 24, 9, 24, 8, 24, 8, 7, 6, 24), 3, 4));
    }

    /** A stem with a pool, a bottleneck with a projection, an inverted residual, a layer with a bias, a hidden layer. */
    record Mixed(int channels, int classes) implements Architecture {
        @Override
        public List<GraphNode> nodes() {
            NodeChain chain = new NodeChain().convNormRelu("stem", "stem_bn", Op.Conv2d.of(channels, 12, 7, 2)).then("pool", new Op.MaxPool(3, 2, 1));
            String input = chain.last();
            String branch = chain.convNormRelu("a", "a_bn", Op.Conv2d.of(12, 5, 1, 1)).convNormRelu("b", "b_bn", new Op.Conv2d(5, 5, 3, 2, 1, 1, true))
                    .then("c", Op.Conv2d.of(5, 16, 1, 1)).then("c_bn", new Op.BatchNorm(16)).last();
            String shortcut = chain.from(input).then("p", Op.Conv2d.of(12, 16, 1, 2)).then("p_bn", new Op.BatchNorm(16)).last();
            chain.join("add", new Op.Add(), branch, shortcut).then("relu", new Op.Relu());
            String linear = chain.then("d", Op.Conv2d.of(16, 8, 1, 1)).then("d_bn", new Op.BatchNorm(8)).last();
            branch = chain.then("e", Op.Conv2d.of(8, 24, 1, 1)).then("e_bn", new Op.BatchNorm(24)).then("e_relu", new Op.Relu6())
                    .then("f", Op.Conv2d.depthwise(24, 3, 1)).then("f_bn", new Op.BatchNorm(24)).then("f_relu", new Op.Relu6())
                    .then("g", Op.Conv2d.of(24, 8, 1, 1)).then("g_bn", new Op.BatchNorm(8)).last();
            return chain.join("add2", new Op.Add(), branch, linear).then("mean", new Op.GlobalAvgPool()).then("hidden", new Op.Linear(8, 9))
                    .then("hidden_bn", new Op.BatchNorm(9)).then("hidden_relu", new Op.Relu()).then("out", new Op.Linear(9, classes)).nodes();
        }
    }

    /** A pool that a layer and an addition take, as in ResNet-18, or a layer and a projection, as in ResNet-50. */
    record SharedPool(int channels, int classes, boolean projects) implements Architecture {
        @Override
        public List<GraphNode> nodes() {
            NodeChain chain = new NodeChain().convNormRelu("stem", "stem_bn", Op.Conv2d.of(channels, 12, 7, 2)).then("pool", new Op.MaxPool(3, 2, 1));
            String pool = chain.last();
            String branch = chain.convNormRelu("a", "a_bn", Op.Conv2d.of(12, 5, 3, 1)).then("b", Op.Conv2d.of(5, 12, 3, 1)).then("b_bn", new Op.BatchNorm(12)).last();
            String shortcut = projects ? chain.from(pool).then("p", Op.Conv2d.of(12, 12, 1, 1)).then("p_bn", new Op.BatchNorm(12)).last() : pool;
            return chain.join("add", new Op.Add(), branch, shortcut).then("relu", new Op.Relu()).then("mean", new Op.GlobalAvgPool())
                    .then("out", new Op.Linear(12, classes)).nodes();
        }
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void theLossTheGradientsTheStatisticsAndTheLogitsAreTheEngines(Architecture architecture) {
        // An odd number, and one that is less than most machines have processors.
        for (int images : new int[] {13, 3, 2}) {
            Seen whole = seen(architecture, WHOLE, images);
            assertAlike(architecture, whole, seen(architecture, SHARDED, images));
            assertAlike(architecture, whole, seen(architecture, WINOGRAD, images));
        }
    }

    private static void assertAlike(Architecture architecture, Seen whole, Seen shards) {
        assertEquals(whole.loss, shards.loss, 1e-4 * whole.loss);
        assertEquals(whole.correct, shards.correct);
        assertClose("logits", whole.logits, shards.logits);
        assertEquals(whole.gradients.keySet(), shards.gradients.keySet());
        // A bias that a norm takes away again has a gradient of roundings alone: within a thousandth of its weights'.
        Set<String> idle = architecture.nodes().stream().filter(node -> node.op() instanceof Op.BatchNorm).map(node -> node.inputs().get(0) + ".bias").collect(Collectors.toSet());
        whole.gradients.forEach((name, gradient) -> assertClose(name, gradient, shards.gradients.get(name),
                idle.contains(name) ? largest(whole.gradients.get(name.replace(".bias", ".weight"))) / 10 : largest(gradient)));
        architecture.shapes().keySet().stream().filter(name -> name.contains("running"))
                .forEach(name -> assertClose(name, whole.after.weights().get(name).values(), shards.after.weights().get(name).values()));
    }

    private record Seen(double loss, long correct, float[] logits, Map<String, float[]> gradients, Network after) {
    }

    private static Seen seen(Architecture architecture, Execution execution, int images) {
        try (DeviceNetwork live = DeviceNetwork.on(Device.cpu(), Initial.network(architecture, 5), execution); var mode = live.mode();
                NDManager step = live.manager().newSubManager()) {
            NDArray batch = batch(step, images, architecture.channels(), execution);
            long[] classes = new long[images];
            for (int i = 0; i < images; i++) {
                classes[i] = i % architecture.classes();
            }
            BatchLoss learnt = live.learn(batch, step.create(classes));
            Map<String, float[]> gradients = new HashMap<>();
            live.parameters().download(live.gradients()).tensors().forEach((name, gradient) -> gradients.put(name, gradient.values()));
            return new Seen(learnt.lossSum().getFloat(), learnt.correct().getLong(), live.logits(batch(step, images, architecture.channels(), execution)).toFloatArray(),
                    gradients, live.snapshot());
        }
    }

    /** Many networks, each with new threads: what one thread does when it starts must not reach into what another computes. */
    @Test
    void theSameBatchGivesTheSameBits() {
        CifarResNet small = CifarResNet.dense(8, List.of(4, 24, 24), 1, 10, Shortcut.SUBSAMPLE).withWidths(List.of(2, 24, 4));
        Seen first = seen(small, WINOGRAD, 12);
        for (int i = 0; i < 200; i++) {
            Seen again = seen(small, WINOGRAD, 12);
            assertEquals(first.loss, again.loss);
            again.gradients.forEach((name, gradient) -> assertArrayEquals(first.gradients.get(name), gradient, name));
            assertEquals(first.after, again.after);
        }
    }

    @Test
    void gpusAndConcatenationsAreRefused() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> DeviceNetwork.on(Device.gpu(), Initial.network(CifarResNet.of(8, 10), 1), SHARDED))
                .getMessage().contains("CPU"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> DeviceNetwork.on(Device.cpu(), Initial.network(Architecture.parse("densenet-121"), 1), SHARDED))
                .getMessage().contains("concatenated"));
    }

    @Test
    void theEngineHasItsThreadsBackAfterwards() {
        seen(CifarResNet.of(8, 10), WHOLE, 4);
        int before = Libtorch.threads();
        seen(CifarResNet.of(8, 10), SHARDED, 4);
        assertEquals(before, Libtorch.threads());
    }

    /** A thread that comes first while shards are computed takes over that the engine has no threads, and would keep it. */
    @Test
    void aThreadThatStartedMeanwhileComputesWholeBatchesWithAllThreads() throws Exception {
        try (DeviceNetwork live = DeviceNetwork.on(Device.cpu(), Initial.network(CifarResNet.of(8, 10), 5), SHARDED); var mode = live.mode()) {
            int[] seen = new int[1];
            Thread other = new Thread(() -> {
                try (DeviceNetwork whole = DeviceNetwork.on(Device.cpu(), Initial.network(CifarResNet.of(8, 10), 5), WHOLE); var ofWhole = whole.mode()) {
                    seen[0] = Libtorch.threads();
                }
            });
            other.start();
            other.join();
            assertEquals(EngineMode.threads(), seen[0]);
        }
    }

    @Test
    void aClosedNetworkSaysSoInsteadOfWaitingForItsThreads() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            DeviceNetwork live = DeviceNetwork.on(Device.cpu(), Initial.network(CifarResNet.of(8, 10), 5), SHARDED);
            live.close();
            live.close();
            NDArray batch = batch(manager, 4, 3, SHARDED);
            assertTrue(assertThrows(IllegalStateException.class, () -> live.logits(batch)).getMessage().contains("closed"));
            assertTrue(assertThrows(IllegalStateException.class, () -> live.learn(batch, manager.create(new long[4]))).getMessage().contains("closed"));
        }
    }

    private static NDArray batch(NDManager manager, int images, int channels, Execution execution) {
        RandomGenerator random = Randomness.of(3, "images", 0);
        float[] values = new float[images * 32 * 32 * channels];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        NDArray nhwc = manager.create(values, new Shape(images, 32, 32, channels)).transpose(0, 3, 1, 2);
        return execution.layout() == MemoryFormat.CHANNELS_LAST ? nhwc : nhwc.add(manager.zeros(nhwc.getShape()));
    }

    private static void assertClose(String name, float[] expected, float[] actual) {
        assertClose(name, expected, actual, largest(expected));
    }

    /** A ReLU near zero can fall to either side by a rounding, which moves a gradient by its share: within a hundredth of the largest. */
    private static void assertClose(String name, float[] expected, float[] actual, double largest) {
        assertArrayEquals(expected, actual, (float) (1e-2 * Math.max(1e-3, largest)), name);
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
