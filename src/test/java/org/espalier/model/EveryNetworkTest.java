package org.espalier.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ai.onnx.proto.OnnxMl.ModelProto;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.espalier.Espalier;
import org.espalier.data.MemoryFormat;
import org.espalier.engine.DeviceNetwork;
import org.espalier.engine.Execution;
import org.espalier.engine.cpu.FastPath;
import org.espalier.engine.device.ChannelPadding;
import org.espalier.model.channels.ChannelRemoval;
import org.espalier.model.channels.ResidualBlock;
import org.espalier.model.families.Architectures;
import org.espalier.model.loading.Metadata;
import org.espalier.model.loading.Networks;
import org.espalier.prune.Pruning;
import org.espalier.prune.criteria.L1Norm;
import org.espalier.prune.plans.UniformPlan;
import org.espalier.report.OnnxSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every network in any widths: what removal, padding and the engines make of it computes the same. */
class EveryNetworkTest {
    private static final Execution PLAIN = new Execution.WholeBatch(MemoryFormat.CHANNELS_LAST, 1);

    /** Widths, weights, images and choices all follow from the seed. */
    record Case(Architecture architecture, long seed) {
        private static Stream<Case> of(Architecture dense) {
            return IntStream.range(1, 3).mapToObj(seed -> new Case(narrow(dense, new Random(seed)), seed));
        }

        private static Architecture narrow(Architecture dense, Random random) {
            Map<String, Integer> widths = new LinkedHashMap<>();
            dense.groups().forEach(group -> widths.put(group.name(), 2 + random.nextInt(7)));
            return dense.resized(widths);
        }

        Random random() {
            return new Random(seed);
        }

        /** Numbers of a trained network's size: positive variances, and sums that stay small. */
        Network network() {
            Random random = random();
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            architecture.shapes().forEach((name, shape) -> {
                float[] values = Tensor.filled(0, shape).values();
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (shape.length > 1 ? random.nextGaussian() * Math.sqrt(1.5 * shape[0] / values.length)
                            : name.endsWith("var") ? .5 + random.nextDouble() : .5 * random.nextGaussian());
                }
                tensors.put(name, Tensor.of(values, shape));
            });
            return new Network(architecture, new Weights(tensors));
        }

        void assertSame(Network one, Network other) {
            assertClose(logits(one, PLAIN), logits(other, PLAIN));
        }

        int side() {
            boolean flattens = architecture.nodes().stream().anyMatch(node -> node.op() instanceof Op.Flatten flatten && flatten.pixels() > 1);
            return flattens ? architecture.imageSize() : Math.min(32, architecture.blocks().isEmpty() || architecture.imageSize() < 32 ? architecture.imageSize()
                    : architecture.imageSize() > 32 ? 32 : 16);
        }

        Shape shape() {
            return new Shape(2, architecture.channels(), side(), side());
        }

        float[] images() {
            Random random = random();
            float[] images = new float[(int) shape().size()];
            IntStream.range(0, images.length).forEach(i -> images[i] = (float) random.nextGaussian());
            return images;
        }

        float[] logits(Network network, Execution execution) {
            return computed(network, execution, DeviceNetwork::logits);
        }

        float[] computed(Network network, Execution execution, BiFunction<DeviceNetwork, NDArray, NDArray> computation) {
            try (DeviceNetwork device = DeviceNetwork.on(Device.cpu(), network, execution); var mode = device.mode();
                    var manager = device.manager().newSubManager()) {
                return computation.apply(device, manager.create(images(), shape())).toFloatArray();
            }
        }

        @Override
        public String toString() {
            String text = architecture.text();
            return text.substring(0, Math.min(60, text.length())) + ", seed " + seed;
        }
    }

    static Stream<Case> cases() {
        return Stream.concat(Stream.of("cifar-resnet-14", "cifar-resnet-8 shortcut=average", "cifar-resnet-8 stages=4,6,6 stem=3",
                "cifar-resnet-14 shortcut=projection", "vgg-16", "vgg-19", "vgg-bn-11", "vgg-bn-11 layout=slimming", "imagenet-vgg-11 classes=10", "resnet-18 classes=10", "resnet-18 stem=small classes=5",
                "resnet-50 classes=10",
                "resnet-50 cardinality=4 width=4 classes=10", "mobilenet-v2 classes=10", "densenet-13", "preresnet-20", "cifar-bottleneck-14 channels=1")
                .map(Architecture::parse), Stream.of(new Own())).flatMap(Case::of);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void prunedIsMasked(Case of) {
        Network network = of.network();
        Random random = of.random();
        Map<String, int[]> kept = new HashMap<>();
        of.architecture.groups().forEach(group -> {
            int sure = random.nextInt(group.width());
            kept.put(group.name(), IntStream.range(0, group.width()).filter(channel -> channel == sure || random.nextBoolean()).toArray());
        });
        Network pruned = ChannelRemoval.keep(network, kept);
        of.assertSame(pruned, SameFunction.masked(network, kept));
        kept.forEach((name, channels) -> assertEquals(channels.length, pruned.architecture().group(name).width()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void paddedIsUnpadded(Case of) {
        Network network = of.network();
        Random random = of.random();
        List<Integer> wider = of.architecture.widths().stream().map(width -> width + random.nextInt(5)).toList();
        Network padded = SameFunction.padded(network, wider);
        assertEquals(wider, padded.architecture().widths());
        of.assertSame(network, padded);
        assertEquals(network.weights(), ChannelRemoval.keep(padded, ChannelPadding.first(of.architecture.widths())).weights());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRemovedBlockIsOneWhoseBranchAddsZero(Case of) {
        Network network = of.network();
        Random random = of.random();
        List<ResidualBlock> removed = of.architecture.blocks().stream().filter(block -> random.nextInt(3) > 0).toList();
        assumeTrue(!removed.isEmpty(), "it has no residual blocks");
        Map<String, Tensor> zeroed = new LinkedHashMap<>(network.weights().tensors());
        for (ResidualBlock block : removed) {
            String branch = of.architecture.graph().node(block.addition()).inputs().stream().filter(block.branch()::contains).findFirst().orElseThrow();
            for (String part : List.of(".weight", ".bias")) {
                zeroed.computeIfPresent(branch + part, (name, tensor) -> Tensor.filled(0, tensor.shape()));
            }
        }
        Architecture smaller = of.architecture.without(removed.stream().map(ResidualBlock::name).collect(Collectors.toSet()));
        assertEquals(of.architecture.blocks().size() - removed.size(), smaller.blocks().size());
        Map<String, Tensor> left = new LinkedHashMap<>(network.weights().tensors());
        left.keySet().retainAll(smaller.shapes().keySet());
        of.assertSame(new Network(of.architecture, new Weights(zeroed)), new Network(smaller, new Weights(left)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theFastPathComputesWhatThePlainEngineDoes(Case of) {
        assumeTrue(FastPath.obstacle(of.architecture).isEmpty(), "the fast path has no plan for it");
        Network network = of.network();
        for (boolean winograd : new boolean[] {false, true}) {
            assertClose(of.logits(network, PLAIN), of.logits(network, new Execution.Sharded(winograd)));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void normsFoldedForEvaluationChangeNoLogit(Case of) {
        Network network = of.network();
        String last = of.architecture.graph().output().name();
        assertClose(of.computed(network, PLAIN, (device, images) -> device.activation(images, last)), of.logits(network, PLAIN));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void onnxRuntimeAndDjlsPredictorComputeWhatThePlainEngineDoes(Case of) throws Exception {
        assertDeployed(of, of.network());
        assertDeployed(of, Pruning.prune(of.network(), new UniformPlan(.5), new L1Norm()));
    }

    private static void assertDeployed(Case of, Network network) throws Exception {
        float[] ours = of.logits(network, PLAIN);
        try (OnnxSession session = OnnxSession.of(network); Model model = Espalier.model(network); var predictor = model.newPredictor(new NoopTranslator());
                NDManager manager = NDManager.newBaseManager(); NDList images = new NDList(manager.create(of.images(), of.shape()))) {
            assertWithin(1e-5f, ours, flat(session.logits(FloatBuffer.wrap(of.images()), of.shape().getShape())));
            try (NDList logits = predictor.predict(images)) {
                assertWithin(1e-5f, ours, logits.singletonOrThrow().toFloatArray());
                assertEquals(new Shape(2, of.architecture.classes()), logits.singletonOrThrow().getShape());
            }
        }
    }

    /** In their full widths and sizes of images, too, where that takes no second. */
    @ParameterizedTest
    @ValueSource(strings = {"cifar-resnet-20", "cifar-resnet-20 stages=7,16,32", "mobilenet-v2", "densenet-40", "resnet-18 stem=small classes=10"})
    void fullWidths(String text) throws Exception {
        Architecture architecture = Architecture.parse(text);
        assertDeployed(new Case(architecture, 1), new Case(architecture, 1).network());
    }

    @Test
    void everyFamilyThatATextNamesIsAmongTheCases() {
        List<String> names = cases().map(of -> of.architecture().text().split(" ")[0]).toList();
        Architectures.patterns().forEach(family -> assertTrue(names.stream().anyMatch(name -> name.matches(family)), family));
    }

    @Test
    void anOnnxFileSaysWhatItIsAndIsNotLoaded(@TempDir Path folder) throws Exception {
        Network network = Pruning.prune(new Case(Architecture.parse("cifar-resnet-8"), 1).network(), new UniformPlan(.5), new L1Norm());
        Networks.save(network, folder.resolve("one.onnx"));
        Networks.save(network, folder.resolve("two.onnx"));
        assertEquals(-1, Files.mismatch(folder.resolve("one.onnx"), folder.resolve("two.onnx")));
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(folder.resolve("one.onnx")));
        assertEquals(List.of("architecture " + network.architecture().text(), "kept " + Metadata.text(network.kept())),
                model.getMetadataPropsList().stream().map(text -> text.getKey() + " " + text.getValue()).toList());
        assertEquals("input", model.getGraph().getInput(0).getName());
        assertEquals("linear", model.getGraph().getOutput(0).getName());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Networks.load(folder.resolve("one.onnx"))).getMessage().contains("it is an ONNX file"));
    }

    private static float[] flat(float[][] rows) {
        float[] all = new float[rows.length * rows[0].length];
        IntStream.range(0, all.length).forEach(i -> all[i] = rows[i / rows[0].length][i % rows[0].length]);
        return all;
    }

    private static void assertClose(float[] expected, float[] found) {
        assertWithin(1e-4f, expected, found);
    }

    /** Relative to the largest logit. */
    private static void assertWithin(float tolerance, float[] expected, float[] found) {
        float largest = 0;
        for (float logit : expected) {
            largest = Math.max(largest, Math.abs(logit));
        }
        assertArrayEquals(expected, found, tolerance * Math.max(1, largest));
    }

    /** A reader's network, of what none of ours has: groups of channels, several readers of one layer, pixels that are flattened. */
    private record Own() implements Architecture {
        @Override
        public List<GraphNode> nodes() {
            NodeChain chain = new NodeChain().convNormRelu("a", "norm", Op.Conv2d.of(2, 8, 3, 1)).then("b", new Op.Conv2d(8, 12, 3, 1, 1, 2, true))
                    .then("b.relu", new Op.Relu6());
            chain.join("both", new Op.Concat(), "a.relu", "b.relu").then("c", Op.Conv2d.of(20, 6, 3, 2)).join("d", Op.Conv2d.of(8, 6, 1, 2), "a.relu");
            return chain.join("sum", new Op.Add(), "c", "d").then("pool", new Op.AvgPool(2, 2)).then("flat", new Op.Flatten(4))
                    .then("hidden", new Op.Linear(24, 5)).then("hidden.relu", new Op.Relu()).then("out", new Op.Linear(5, 3)).nodes();
        }

        @Override
        public int channels() {
            return 2;
        }

        @Override
        public int imageSize() {
            return 8;
        }

        @Override
        public String text() {
            return "own";
        }
    }
}
