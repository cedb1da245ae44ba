package org.espalier.model.loading;

import static org.espalier.model.files.Assembled.network;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.espalier.Espalier;
import org.espalier.model.Architecture;
import org.espalier.model.Names;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.model.channels.ChannelRemoval;
import org.espalier.model.channels.Kept;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Shortcut;
import org.espalier.model.families.Vgg;
import org.espalier.model.files.Checkpoint;
import org.espalier.model.files.CheckpointTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {
    private static final CifarResNet PRUNED = new CifarResNet(14, List.of(4, 6, 8), List.of(1, 4, 6, 2, 3, 8), 1, 5, Shortcut.AVERAGE);

    @TempDir
    Path folder;

    static List<Architecture> architectures() {
        return List.of(PRUNED, CifarResNet.of(8, 10), CifarResNet.of(20, 100), new Vgg(List.of(1, 2, 3, 4, 5, 6, 7, 8, 7, 6, 5, 4, 3), 3, 10));
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void whatIsSavedIsLoadedBitForBit(Architecture architecture) {
        Network saved = network(architecture, 1);
        Networks.save(saved, folder.resolve("net.safetensors"));
        Network loaded = Networks.load(folder.resolve("net.safetensors"));
        assertEquals(saved, loaded);
        assertEquals(List.copyOf(architecture.shapes().keySet()), List.copyOf(loaded.weights().tensors().keySet()));
    }

    @Test
    void theSameNetworkIsSavedAsTheSameBytes() throws IOException {
        Networks.save(network(PRUNED, 1), folder.resolve("a"));
        Networks.save(Networks.load(folder.resolve("a")), folder.resolve("b"));
        byte[] bytes = Files.readAllBytes(folder.resolve("a"));
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("b")));
        String start = "{\"__metadata__\":{\"architecture\":\"" + PRUNED.text() + "\",\"format\":\"pt\"},\"conv1.weight\":";
        assertEquals(start, new String(bytes, 8, start.length(), StandardCharsets.UTF_8));
    }

    @Test
    void metadataSayTheArchitecture() {
        Networks.save(network(PRUNED, 1), folder.resolve("net.safetensors"));
        assertEquals(Map.of("architecture", PRUNED.text(), "format", "pt"), Checkpoint.read(folder.resolve("net.safetensors")).metadata());
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip.pt", "legacy.th"})
    void theArchitectureIsReadOffPyTorchsFiles(String name) {
        assertEquals(new CifarResNet(8, List.of(2, 3, 4), List.of(1, 2, 3), 1, 2, Shortcut.SUBSAMPLE),
                Networks.load(CheckpointTest.resource(name)).architecture());
    }

    @Test
    void depthAndWidthsAndClassesAreReadOffNamesAndShapes() throws IOException {
        CifarResNet pruned = PRUNED.withShortcut(Shortcut.SUBSAMPLE);
        for (CifarResNet net : List.of(pruned, CifarResNet.of(8, 2), CifarResNet.of(32, 10), CifarResNet.of(56, 100))) {
            assertEquals(network(net, 2), Networks.load(foreign(net, tensors -> { })));
        }
    }

    @Test
    void theLastLayerMayBeCalledFc() throws IOException {
        Path file = foreign(CifarResNet.of(8, 7), tensors -> {
            tensors.put("fc.weight", tensors.remove("linear.weight"));
            tensors.put("fc.bias", tensors.remove("linear.bias"));
        });
        assertEquals(network(CifarResNet.of(8, 7), 2), Networks.load(file).with(Names.OWN));
    }

    @Test
    void aProjectionThatLacksItsNormIsNamed() throws IOException {
        assertRefused(foreign(CifarResNet.of(8, 10), tensors -> tensors.put("layer2.0.shortcut.0.weight", Tensor.filled(0, 32, 16, 1, 1))),
                "missing 'layer2.0.shortcut.1.weight'");
    }

    @Test
    void missingAndUnknownTensorsAreNamed() throws IOException {
        assertRefused(foreign(CifarResNet.of(8, 10), tensors -> tensors.remove("layer1.0.bn2.bias")), "missing 'layer1.0.bn2.bias'");
        assertRefused(foreign(CifarResNet.of(8, 10), tensors -> tensors.put("extra", Tensor.filled(0, 1))), "unknown 'extra'");
        assertRefused(foreign(CifarResNet.of(8, 10), tensors -> tensors.remove("conv1.weight")),
                "it has no conv1.weight; expected was a CIFAR ResNet");
        assertRefused(foreign(CifarResNet.of(8, 10), tensors -> tensors.remove("linear.weight")), "it has no linear.weight");
        assertRefused(foreign(CifarResNet.of(8, 10), Map::clear), "found were 0 tensors");
        assertRefused(foreign(CifarResNet.of(8, 10), tensors -> tensors.put("layer4.0.conv1.weight", Tensor.filled(0, 8, 8, 3, 3))),
                "belongs to a fourth stage");
    }

    @Test
    void unequalStagesFitNoDepth() throws IOException {
        assertRefused(foreign(CifarResNet.of(14, 10), tensors -> new ArrayList<>(tensors.keySet()).stream()
                .filter(name -> name.startsWith("layer3.1.")).forEach(tensors::remove)), "its three stages have 2, 2 and 1 blocks");
    }

    @Test
    void shapesThatFitNoResNetAreNamed() throws IOException {
        assertRefused(foreign(CifarResNet.of(8, 10), tensors -> tensors.put("layer2.0.conv2.weight", Tensor.filled(0, 32, 31, 3, 3))),
                "layer2.0.conv2.weight has the shape [32, 31, 3, 3]");
        assertRefused(foreign(CifarResNet.of(8, 10), tensors -> tensors.put("conv1.weight", Tensor.filled(0, 16, 3, 7, 7))), "convolution of 7 x 7");
        assertRefused(foreign(CifarResNet.of(8, 10), tensors -> tensors.put("conv1.weight", Tensor.filled(0, 16))), "has the shape [16], but 4 axes");
        assertRefused(foreign(CifarResNet.of(8, 10), tensors -> tensors.put("linear.weight", Tensor.filled(0, 0, 64))),
                "at least one channel and one class");
        assertRefused(foreign(CifarResNet.of(8, 10), tensors -> tensors.put("layer3.0.conv2.weight", Tensor.filled(0, 8, 64, 3, 3))),
                "three stage widths that don't shrink");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cifar-resnet-20", "cifar-resnet-9", "cifar-resnet-2147483642", "cifar-resnet--4", "cifar-resnet-",
        "cifar-resnet-8 stages=16", "cifar-resnet-8 inner=10000*10000,10000*1", "cifar-resnet-8 classes=11", "cifar-resnet-8 colour=red",
        "cifar-resnet-8 shortcut=none", "vgg-16 classes=11"})
    void anArchitectureThatIsNotThatOfTheTensorsIsRefused(String text) throws IOException {
        var tensors = network(CifarResNet.of(8, 10), 2).weights().tensors();
        var error = assertThrows(IllegalArgumentException.class,
                () -> Networks.load(written(tensors, Map.of("architecture", text))));
        assertTrue(error.getMessage().startsWith("cannot load a network from " + folder), error.getMessage());
    }

    @Test
    void anArchitectureOfAMegabyteIsNotEvenParsed() throws IOException {
        var metadata = Map.of("architecture", "cifar-resnet-8 inner=" + "10000*1,".repeat(100_000) + "1");
        assertRefused(written(Map.of(), metadata), "4096 are the most");
    }

    @Test
    void savingWhereNoFolderIsNamesTheFile() {
        var error = assertThrows(UncheckedIOException.class, () -> Networks.save(network(PRUNED, 1), folder.resolve("no/where/net.safetensors")));
        assertTrue(error.getMessage().contains("no/where/net.safetensors: its folder doesn't exist; create it first"), error.getMessage());
    }

    @Test
    void savingThatIsBrokenOffLeavesTheOldFileAlone() throws IOException {
        Path file = folder.resolve("net.safetensors");
        Networks.save(network(PRUNED, 1), file);
        Thread.currentThread().interrupt();
        try {
            assertThrows(UncheckedIOException.class, () -> Networks.save(network(PRUNED, 2), file));
        } finally {
            Thread.interrupted();
        }
        assertEquals(network(PRUNED, 1), Networks.load(file));
        assertNothingBeside(file);
        Networks.save(network(PRUNED, 2), file);
        assertEquals(network(PRUNED, 2), Networks.load(file));
        assertNothingBeside(file);
    }

    @Test
    void aFolderIsNotReplacedByAFile() throws IOException {
        Path target = Files.createDirectory(folder.resolve("net"));
        Files.createFile(target.resolve("precious"));
        assertThrows(UncheckedIOException.class, () -> Networks.save(network(PRUNED, 1), target));
        assertTrue(Files.exists(target.resolve("precious")));
        assertNothingBeside(target);
    }

    @Test
    void whichChannelsSurvivedIsKnownThroughRoundsAndFiles() {
        Network once = ChannelRemoval.keep(network(CifarResNet.of(8, 10), 1), Map.of("layer1.0.conv1", new int[] {1, 4, 7, 15}));
        Networks.save(once, folder.resolve("once"));
        Network twice = ChannelRemoval.keep(Networks.load(folder.resolve("once")), Map.of("layer1.0.conv1", new int[] {0, 2}, "layer2.0.conv1", new int[] {31}));
        Networks.save(twice, folder.resolve("twice"));
        Map<String, List<Integer>> kept = Espalier.kept(Networks.load(folder.resolve("twice")));
        assertEquals(List.of("layer1.0.conv1", "layer2.0.conv1", "layer3.0.conv1"), List.copyOf(kept.keySet()));
        assertEquals(List.of(List.of(1, 7), List.of(31)), List.copyOf(kept.values()).subList(0, 2));
        assertEquals(IntStream.range(0, 64).boxed().toList(), kept.get("layer3.0.conv1"));
    }

    @Test
    void whatAFileSaysOfSurvivorsIsDroppedWhereItDoesNotFit() {
        for (String kept : List.of("", "[]", "{\"layer1.0.conv1\":[1,2]}", "{\"layer1.0.conv1\":[]}", "{\"nowhere\":[1]}", "{\"layer1.0.conv1\":\"x\"}",
                "{\"layer3.1.conv1\":[0,2,1,3,4,5,6,7]}", "{\"layer1.0.conv1\":[-1]}")) {
            assertEquals(Kept.ALL, Metadata.kept(kept, PRUNED), kept);
        }
        assertEquals(List.of(5), Metadata.kept("{\"layer1.0.conv1\":[5]}", PRUNED).channels().get("layer1.0.conv1"));
    }

    private void assertNothingBeside(Path only) throws IOException {
        try (var files = Files.list(folder)) {
            assertEquals(List.of(only), files.toList());
        }
    }

    /** A safetensors file without our metadata. */
    private Path foreign(CifarResNet net, Consumer<Map<String, Tensor>> change) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>(network(net, 2).weights().tensors());
        change.accept(tensors);
        return written(tensors, Map.of());
    }

    private Path written(Map<String, Tensor> tensors, Map<String, String> metadata) {
        Path file = folder.resolve("weights.file");
        new Checkpoint(new Weights(tensors), metadata).write(file);
        return file;
    }

    private static void assertRefused(Path file, String reason) {
        var error = assertThrows(IllegalArgumentException.class, () -> Networks.load(file));
        assertTrue(error.getMessage().contains(file.toString()) && error.getMessage().contains(reason), error.getMessage());
    }
}
