package org.espalier.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.model.channels.ResidualBlock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphTest {

    /** Of the paper's code and of torchvision. */
    @ParameterizedTest
    @CsvSource({
        "cifar-resnet-56, 32, 853018, 125485696", "cifar-resnet-110, 32, 1727962, 252887680", "vgg-16, 32, 14987722, 313463808",
        "vgg-16 classes=100, 32, 15033892, 313509888", "vgg-19, 32, 20040522, 398136320", "vgg-19 classes=100, 32, 20086692, 398182400",
        "resnet-18, 224, 11689512, 1814073344", "resnet-34, 224, 21797672, 3663761408", "resnet-50, 224, 25557032, 4089184256",
        "resnet-101, 224, 44549160, 7801405440", "resnet-152, 224, 60192808, 11513626624",
        "resnet-50 cardinality=32 width=4, 224, 25028904, 4230479872", "resnet-101 cardinality=32 width=8, 224, 88791336, 16414015488",
        "resnet-50 width=128, 224, 68883240, 11398021120", "imagenet-vgg-11, 224, 132863336, 7609090048", "imagenet-vgg-13, 224, 133047848, 11308466176",
        "imagenet-vgg-16, 224, 138357544, 15470264320", "imagenet-vgg-19, 224, 143667240, 19632062464", "imagenet-vgg-16 norm=batch, 224, 138365992, 15470264320",
        "vgg-19 layout=slimming, 32, 20035018, 398136320",
        "mobilenet-v2, 224, 3504872, 300774272", "densenet-40, 32, 1059298, 282917328", "densenet-40 classes=100, 32, 1100428, 282958368",
        "preresnet-110, 32, 1146842, 167430656", "preresnet-110 classes=100, 32, 1169972, 167453696",
        "cifar-bottleneck-56, 32, 869530, 127322624", "cifar-bottleneck-110, 32, 1704154, 247646720"})
    void networksHaveTheirExactSizes(String text, int side, long parameters, long macs) {
        Architecture architecture = Architecture.parse(text);
        assertEquals(text, architecture.text());
        assertEquals(parameters, architecture.parameters());
        assertEquals(macs, architecture.macs(side, side));
        assertEquals(architecture, Architecture.parse(architecture.text()));
    }

    @Test
    void groupsAreThoseThatAPersonFinds() {
        ChannelGroup inner = Architecture.parse("cifar-resnet-8").group("layer2.0.conv1");
        assertEquals(Set.of("layer2.0.conv1.weight/0", "layer2.0.bn1.weight/0", "layer2.0.bn1.bias/0", "layer2.0.bn1.running_mean/0",
                "layer2.0.bn1.running_var/0", "layer2.0.conv2.weight/1"), places(inner));
        assertEquals(4, inner.id());
        assertEquals(1, inner.stage());
        // Additions tie a stage together: its projection, and the last convolution of each block.
        ChannelGroup sum = Architecture.parse("resnet-18").group("layer2.0.conv2");
        assertEquals(Set.of("layer2.0.conv2", "layer2.0.downsample.0", "layer2.1.conv2"), Set.copyOf(sum.producers()));
        assertTrue(places(sum).containsAll(Set.of("layer2.0.downsample.1.bias/0", "layer2.1.conv1.weight/1", "layer3.0.conv1.weight/1",
                "layer3.0.downsample.0.weight/1")));
        // A depthwise convolution loses the channels of the expansion before it.
        assertTrue(places(Architecture.parse("mobilenet-v2").group("features.2.conv.0.0")).containsAll(Set.of("features.2.conv.0.0.weight/0",
                "features.2.conv.1.0.weight/0", "features.2.conv.1.1.bias/0", "features.2.conv.2.weight/1")));
        // Concatenation: every later layer of the block reads what a layer adds, behind what came before.
        ChannelGroup grown = Architecture.parse("densenet-7").group("dense1.0.conv1");
        assertEquals(Set.of("dense1.0.conv1.weight/0", "trans1.bn1.weight/0", "trans1.bn1.bias/0", "trans1.bn1.running_mean/0",
                "trans1.bn1.running_var/0", "trans1.conv1.weight/1"), places(grown));
        assertTrue(grown.slices().stream().filter(slice -> slice.tensor().startsWith("trans1")).allMatch(slice -> slice.from() == 24));
    }

    /** Every group of a small network of each kind. */
    @Test
    void allGroupsAreThoseThatAPersonTyped() {
        assertGroups("cifar-resnet-8", "layer1.0.conv1 layer2.0.conv1 layer3.0.conv1");
        assertGroups("cifar-resnet-8 shortcut=projection", "conv1+layer1.0.conv2 layer1.0.conv1 layer2.0.conv1 layer2.0.conv2+layer2.0.shortcut.0 "
                + "layer3.0.conv1 layer3.0.conv2+layer3.0.shortcut.0");
        assertGroups("vgg-bn-11", "features.0 features.4 features.8 features.11 features.15 features.18 features.22 features.25");
        assertGroups("densenet-7", "conv1 dense1.0.conv1 trans1.conv1 dense2.0.conv1 trans2.conv1 dense3.0.conv1");
        assertGroups("preresnet-11", "conv1 layer1.0.conv1 layer1.0.conv2 layer1.0.conv3+layer1.0.downsample.0 layer2.0.conv1 layer2.0.conv2 "
                + "layer2.0.conv3+layer2.0.downsample.0 layer3.0.conv1 layer3.0.conv2 layer3.0.conv3+layer3.0.downsample.0");
        assertGroups("cifar-bottleneck-8", "conv1 layer1.0.conv1 layer1.0.conv2 layer1.0.conv3+layer1.0.downsample.0 layer2.0.conv1 layer2.0.conv2 "
                + "layer2.0.conv3+layer2.0.downsample.0 layer3.0.conv1 layer3.0.conv2 layer3.0.conv3+layer3.0.downsample.0");
        assertGroups("resnet-18", "conv1+layer1.0.conv2+layer1.1.conv2 layer1.0.conv1 layer1.1.conv1 "
                + "layer2.0.conv1 layer2.0.conv2+layer2.0.downsample.0+layer2.1.conv2 layer2.1.conv1 "
                + "layer3.0.conv1 layer3.0.conv2+layer3.0.downsample.0+layer3.1.conv2 layer3.1.conv1 "
                + "layer4.0.conv1 layer4.0.conv2+layer4.0.downsample.0+layer4.1.conv2 layer4.1.conv1");
    }

    private static void assertGroups(String text, String typed) {
        assertEquals(typed, Architecture.parse(text).groups().stream().map(group -> String.join("+", group.producers())).collect(Collectors.joining(" ")));
    }

    private static Set<String> places(ChannelGroup group) {
        return group.slices().stream().map(slice -> slice.tensor() + "/" + slice.axis()).collect(Collectors.toSet());
    }

    @Test
    void aRemovedBlockLeavesItsShortcut() {
        Architecture dense = Architecture.parse("cifar-resnet-56");
        long block = 2L * 16 * 16 * 9 * 32 * 32;
        Architecture smaller = dense.without(Set.of("layer1.3", "layer2.0"));
        assertEquals("cifar-resnet-56 removed=layer1.3+layer2.0", smaller.text());
        assertEquals(smaller, Architecture.parse(smaller.text()));
        assertEquals(dense.macs(32, 32) - block - block * 3 / 4, smaller.macs(32, 32));
        assertEquals(25, smaller.prunable().size());
        assertEquals(smaller, dense.without(Set.of("layer1.3")).without(Set.of("layer2.0")));
        // The published MACs of GAL-0.6 and GAL-0.8 are those of 10 and 16 blocks less.
        assertEquals(78.30, dense.without(names(10)).macs(32, 32) / 1e6, .005);
        assertEquals(49.99, dense.without(names(16)).macs(32, 32) / 1e6, .005);
    }

    /** Blocks that cost alike: not those that open a stage. */
    private static Set<String> names(int count) {
        return Architecture.parse("cifar-resnet-56").blocks().stream().map(ResidualBlock::name).filter(name -> !name.matches("layer[23]\\.0"))
                .limit(count).collect(Collectors.toSet());
    }

    @Test
    void anyNetworkIsPrunedByItsGroups() {
        Architecture dense = Architecture.parse("resnet-50 classes=10");
        Architecture pruned = dense.resized(Map.of("layer1.0.conv3", 200, "layer1.1.conv1", 7));
        assertEquals(pruned, Architecture.parse(pruned.text()));
        assertEquals(200, pruned.shapes().get("layer1.2.conv3.weight")[0]);
        assertEquals(200, pruned.shapes().get("layer2.0.downsample.0.weight")[1]);
        assertEquals(7, pruned.shapes().get("layer1.1.conv2.weight")[1]);
        assertEquals(dense, pruned.dense());
    }

    /** Left with one channel each, a grouped convolution looks like one by channel, and one by channel like a plain one. */
    @ParameterizedTest
    @ValueSource(strings = {"resnet-50 cardinality=4 width=4 classes=10", "mobilenet-v2 classes=10"})
    void groupsStayWhatTheyAreWhenOneChannelIsLeft(String text) {
        Architecture dense = Architecture.parse(text);
        Architecture narrow = dense.resized(dense.groups().stream().collect(Collectors.toMap(ChannelGroup::name, group -> 1)));
        assertEquals(dense.groups().stream().map(ChannelGroup::name).toList(), narrow.groups().stream().map(ChannelGroup::name).toList());
        assertEquals(Set.of(1), narrow.groups().stream().map(ChannelGroup::width).collect(Collectors.toSet()));
        assertEquals(dense, narrow.resized(dense.groups().stream().collect(Collectors.toMap(ChannelGroup::name, ChannelGroup::width))));
    }

    @Test
    void faultsOfAGraphAreNamed() {
        GraphNode conv = GraphNode.of("conv", Op.Conv2d.of(3, 4, 3, 1), 0, GraphNode.INPUT);
        assertMessage("'relu' takes 'norm', which no node puts out", List.of(conv, GraphNode.of("relu", new Op.Relu(), 0, "norm")));
        assertMessage("without cycles", List.of(conv, GraphNode.of("a", new Op.Add(), 0, "conv", "b"), GraphNode.of("b", new Op.Relu(), 0, "a")));
        assertMessage("two nodes are called 'conv'", List.of(conv, conv));
        assertMessage("nobody takes what node 'conv' puts out", List.of(conv, GraphNode.of("other", Op.Conv2d.of(3, 4, 3, 1), 0, GraphNode.INPUT)));
        Graph unfit = new Graph(List.of(conv, GraphNode.of("next", Op.Conv2d.of(5, 4, 3, 1), 0, "conv")));
        var error = assertThrows(IllegalArgumentException.class, () -> unfit.shapes(new FeatureMap(3, 8, 8)));
        assertTrue(error.getMessage().contains("node 'next'") && error.getMessage().contains("takes 5 channels, but 4 come in"), error.getMessage());
        var small = assertThrows(IllegalArgumentException.class, () -> Architecture.parse("vgg-16").macs(4, 4));
        assertTrue(small.getMessage().contains("nothing is left of the image"), small.getMessage());
    }

    private static void assertMessage(String part, List<GraphNode> nodes) {
        var error = assertThrows(IllegalArgumentException.class, () -> new Graph(nodes));
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }
}
