package org.espalier.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.espalier.data.MemoryFormat;
import org.espalier.engine.DeviceNetwork;
import org.espalier.engine.Execution;
import org.espalier.engine.cpu.FastPath;
import org.espalier.model.channels.ChannelPadding;
import org.espalier.model.channels.ChannelRemoval;
import org.espalier.model.channels.ResidualBlock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

        float[] logits(Network network, Execution execution) {
            boolean flattens = architecture.nodes().stream().anyMatch(node -> node.op() instanceof Op.Flatten flatten && flatten.pixels() > 1);
            int side = flattens ? architecture.imageSize() : Math.min(32, architecture.blocks().isEmpty() || architecture.imageSize() < 32 ? architecture.imageSize()
                    : architecture.imageSize() > 32 ? 32 : 16);
            Random random = random();
            float[] images = new float[2 * architecture.channels() * side * side];
            IntStream.range(0, images.length).forEach(i -> images[i] = (float) random.nextGaussian());
            try (DeviceNetwork device = DeviceNetwork.on(Device.cpu(), network, execution); var mode = device.mode();
                    var manager = device.manager().newSubManager()) {
                return device.logits(manager.create(images, new Shape(2, architecture.channels(), side, side))).toFloatArray();
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
        of.assertSame(pruned, ChannelRemoval.mask(network, kept));
        kept.forEach((name, channels) -> assertEquals(channels.length, pruned.architecture().group(name).width()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void paddedIsUnpadded(Case of) {
        Network network = of.network();
        Random random = of.random();
        List<Integer> wider = of.architecture.widths().stream().map(width -> width + random.nextInt(5)).toList();
        Network padded = ChannelPadding.pad(network, wider);
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

    private static void assertClose(float[] expected, float[] found) {
        float largest = 0;
        for (float logit : expected) {
            largest = Math.max(largest, Math.abs(logit));
        }
        assertArrayEquals(expected, found, 1e-4f * Math.max(1, largest));
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
