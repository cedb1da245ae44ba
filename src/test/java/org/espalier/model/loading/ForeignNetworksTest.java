package org.espalier.model.loading;

import static org.espalier.model.files.Assembled.file;
import static org.espalier.model.files.Assembled.network;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.espalier.model.Architecture;
import org.espalier.model.Names;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Shortcut;
import org.espalier.model.families.Vgg;
import org.espalier.model.files.Checkpoint;
import org.espalier.model.files.TorchFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks by other code's names: recognised, told apart where a file tells, said where it doesn't, saved as they came. */
class ForeignNetworksTest {
    private static final CifarResNet NET = new CifarResNet(8, List.of(2, 3, 4), List.of(1, 2, 3), 3, 5, Shortcut.SUBSAMPLE);
    private static final Network NETWORK = network(NET, 4);

    @TempDir
    Path folder;

    @Test
    void cfgBesideFcTellsThePapersShortcut() throws IOException {
        for (List<Integer> cfg : List.of(List.of(1, 2, 3), NET.inner())) {
            assertAssumed(Map.of("cfg", cfg, "state_dict", tensors(ForeignNetworksTest::fc)), Shortcut.AVERAGE);
        }
        assertAssumed(Map.of("best_prec1", 0.9, "optimizer", Map.of(), "state_dict", tensors(ForeignNetworksTest::fc)), Shortcut.AVERAGE);
    }

    @Test
    void ofOthersTheUsualShortcutIsAssumed() throws IOException {
        assertAssumed(Map.of("state_dict", tensors(ForeignNetworksTest::fc)), Shortcut.SUBSAMPLE);
        assertAssumed(Map.of("cfg", List.of(7, 7, 7), "state_dict", tensors(ForeignNetworksTest::fc)), Shortcut.SUBSAMPLE);
        assertAssumed(Map.of("cfg", List.of(1, 2, 3), "state_dict", tensors(name -> name)), Shortcut.SUBSAMPLE);
    }

    private void assertAssumed(Map<String, ?> content, Shortcut shortcut) throws IOException {
        Path file = file(folder, TorchFile.zip(content));
        assertEquals(NET.withShortcut(shortcut), Networks.load(file).architecture());
        String said = said(file, LoadOptions.none());
        assertTrue(said.contains("weights.file: no file tells the shortcut between stages; assumed is " + shortcut), said);
    }

    @Test
    void theCallersShortcutCountsAndNothingIsSaid() throws IOException {
        Path file = file(folder, TorchFile.zip(tensors(ForeignNetworksTest::fc)));
        for (Shortcut shortcut : List.of(Shortcut.SUBSAMPLE, Shortcut.AVERAGE)) {
            LoadOptions options = LoadOptions.none().with(shortcut);
            assertEquals(NET.withShortcut(shortcut), Networks.load(file, options).architecture());
            assertEquals("", said(file, options));
        }
        assertRefused(file, LoadOptions.none().with(Shortcut.PROJECTION), "its shortcuts have no weights");
    }

    @Test
    void aCallerWhoContradictsAFileOfOursIsRefused() {
        Path file = folder.resolve("net");
        Networks.save(NETWORK, file);
        assertEquals(NETWORK, Networks.load(file, LoadOptions.none().with(Shortcut.SUBSAMPLE)));
        assertRefused(file, LoadOptions.none().with(Shortcut.AVERAGE), "it says itself that it holds cifar-resnet-8");
    }

    @Test
    void aShortcutForAVggIsRefused() {
        Path file = folder.resolve("net");
        Networks.save(network(new Vgg(List.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), 3, 2), 1), file);
        assertRefused(file, LoadOptions.none().with(Shortcut.AVERAGE), "has no shortcuts without weights");
    }

    @Test
    void aNetworkIsSavedByTheNamesThatItCameWith() throws IOException {
        Map<String, UnaryOperator<String>> codes = Map.of("fc", ForeignNetworksTest::fc, "other", name -> name.replace("linear", "head.classifier"),
                "mixed", name -> name.startsWith("linear") ? name.replace("linear", "fc") : "backbone." + name,
                "encoder", name -> "encoder." + name);
        for (var code : codes.entrySet()) {
            Map<String, Tensor> tensors = tensors(code.getValue());
            Network loaded = Networks.load(file(folder, TorchFile.zip(tensors)));
            assertEquals(NETWORK, loaded.with(Names.OWN), code.getKey());
            Path saved = folder.resolve("saved");
            Networks.save(loaded, saved);
            assertEquals(tensors, Checkpoint.read(saved).weights().tensors(), code.getKey());
            assertEquals(loaded, Networks.load(saved), code.getKey());
        }
    }

    @Test
    void whatSomeoneRenamedInAFileOfOursIsRecognised() {
        Path file = folder.resolve("net");
        CifarResNet average = NET.withShortcut(Shortcut.AVERAGE);
        new Checkpoint(new Weights(tensors(ForeignNetworksTest::fc)), Map.of("architecture", average.text())).write(file);
        assertEquals(average, Networks.load(file).architecture());
    }

    @Test
    void theShapesDecideWhereAnotherToolWroteTheArchitecture() {
        Path file = folder.resolve("net");
        for (String text : List.of("resnet20", "lenet", "vgg-19", "vgg-16", "", "ResNet 20 (CIFAR-10)")) {
            new Checkpoint(NETWORK.weights(), Map.of("architecture", text, "format", "pt")).write(file);
            assertEquals(NETWORK, Networks.load(file), text);
        }
    }

    @Test
    void thePapersVggIsRecognisedByTheAuthorsNames() throws IOException {
        Network vgg = network(new Vgg(List.of(1, 2, 3, 4, 5, 6, 7, 8, 7, 6, 5, 4, 3), 3, 10), 1);
        List<Integer> places = List.of(0, 3, 7, 10, 14, 17, 20, 24, 27, 30, 34, 37, 40);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        vgg.weights().tensors().forEach((name, tensor) -> {
            String layer = name.substring(0, name.indexOf('.'));
            String theirs = switch (layer) {
                case "hidden" -> "classifier.0";
                case "hidden_bn" -> "classifier.1";
                case "linear" -> "classifier.3";
                default -> "feature." + (places.get(Integer.parseInt(layer.replaceAll("\\D", "")) - 1) + (layer.startsWith("bn") ? 1 : 0));
            };
            tensors.put(theirs + name.substring(name.indexOf('.')), tensor);
        });
        Network loaded = Networks.load(file(folder, TorchFile.zip(Map.of("state_dict", tensors, "cfg", List.of(1, "M")))));
        assertEquals(vgg, loaded.with(Names.OWN));
        Networks.save(loaded, folder.resolve("saved"));
        assertEquals(tensors, Checkpoint.read(folder.resolve("saved")).weights().tensors());
        new Checkpoint(vgg.weights(), Map.of()).write(folder.resolve("own"));
        assertEquals(vgg, Networks.load(folder.resolve("own")));
    }

    @Test
    void weightsThatAreNoNumbersAreRefused() throws IOException {
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            Map<String, Tensor> tensors = tensors(ForeignNetworksTest::fc);
            tensors.put("fc.bias", Tensor.of(new float[] {0, value, 0, value, 0}, 5));
            assertRefused(file(folder, TorchFile.zip(tensors)), LoadOptions.none(),
                    "2 of the 5 values of its tensor 'fc.bias' are no finite numbers (the first is " + value + ")");
        }
    }

    @Test
    void whatCanNotBeLoadedIsNamed() throws IOException {
        Map<String, Tensor> bottleneck = new LinkedHashMap<>();
        for (int stage = 1; stage <= 3; stage++) {
            for (int block = 0; block < 18; block++) {
                bottleneck.put("layer" + stage + "." + block + ".conv3.weight", Tensor.filled(0, 1, 1, 1, 1));
            }
        }
        assertNamed(bottleneck, "it is a bottleneck ResNet of depth 164");
        Map<String, Tensor> vgg = new LinkedHashMap<>();
        for (int i = 0; i < 13; i++) {
            vgg.put("features." + 3 * i + ".weight", Tensor.filled(0, 1, 1, 3, 3));
            vgg.put("features." + 3 * i + ".bias", Tensor.filled(0, 1));
            vgg.put("features." + (3 * i + 1) + ".running_mean", Tensor.filled(0, 1));
        }
        vgg.put("classifier.weight", Tensor.filled(0, 1, 1));
        assertNamed(vgg, "it is a VGG-16 (13 convolutions with biases, 1 linear layer, with batch norm), which is none of the kinds");
        assertNamed(Map.of("dense1.0.conv1.weight", Tensor.filled(0, 1, 1, 1, 1)), "it seems to be a DenseNet");
        assertNamed(Map.of("blocks.0.attn.qkv.weight", Tensor.filled(0, 1, 1)), "it seems to be a transformer");
        assertNamed(Map.of("a.weight", Tensor.filled(0, 1, 1)), "its names are those of no network that is known here (found were 1 tensors, first 'a.weight')");
        Map<String, Tensor> two = new LinkedHashMap<>();
        NETWORK.weights().tensors().forEach((name, tensor) -> {
            two.put("student." + name, tensor);
            two.put("teacher." + name, tensor);
        });
        assertNamed(two, "it holds 2 networks, whose names begin with 'student.', 'teacher.'; say which, for instance with loadResNet(file, entry(\"student\"))");
        assertEquals(NETWORK, Networks.load(file(folder, TorchFile.zip(two)), LoadOptions.entry("teacher")));
    }

    @Test
    void aNarrowStemIsReadOffTheFile() throws IOException {
        CifarResNet narrow = new CifarResNet(8, 1, List.of(2, 3, 4), List.of(1, 2, 3), 3, 5, Shortcut.SUBSAMPLE);
        assertEquals("cifar-resnet-8 stages=2,3,4 stem=1 inner=1,2,3 classes=5", narrow.text());
        assertEquals(narrow, Architecture.parse(narrow.text()));
        assertLoaded(narrow, name -> name);
    }

    @Test
    void projectionsAreReadByBothOfTheirNames() throws IOException {
        CifarResNet net = new CifarResNet(14, 2, List.of(3, 3, 4), List.of(1, 2, 3, 4, 5, 6), 3, 5, Shortcut.PROJECTION);
        assertLoaded(net, name -> name);
        assertLoaded(net, name -> name.replace("shortcut", "downsample").replace("linear", "fc"));
        assertRefused(file(folder, TorchFile.zip(network(net, 1).weights().tensors())), LoadOptions.none().with(Shortcut.AVERAGE), "its shortcuts have weights");
    }

    @Test
    void otherNetworksAreReadInAnyWidths() throws IOException {
        for (String text : List.of("resnet-18 classes=3", "resnet-34 stem=small classes=3", "resnet-50 channels=1 classes=3", "mobilenet-v2 classes=3",
                "cifar-bottleneck-20 classes=3", "preresnet-20", "densenet-13", "vgg-bn-11", "vgg-bn-13 classes=3", "vgg-bn-16", "vgg-19 channels=1")) {
            Architecture dense = Architecture.parse(text);
            Map<String, Integer> widths = new LinkedHashMap<>();
            dense.groups().forEach(group -> widths.put(group.name(), 1 + (widths.size() * 7 + 3) % 5));
            Architecture narrow = dense.resized(widths);
            assertLoaded(narrow, name -> name);
            assertLoaded(narrow, name -> "encoder." + name.replace("downsample", "shortcut").replaceAll("^(fc|classifier(\\.1)?)\\.", "head."));
        }
    }

    /** From a file without our metadata; and saved again by the names that it came with. */
    private void assertLoaded(Architecture architecture, UnaryOperator<String> names) throws IOException {
        Network network = network(architecture, 1);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        network.weights().tensors().forEach((name, tensor) -> tensors.put(names.apply(name), tensor));
        Network loaded = Networks.load(file(folder, TorchFile.zip(tensors)));
        assertEquals(network, loaded.with(Names.OWN));
        Networks.save(loaded, folder.resolve("again"));
        assertEquals(tensors, Checkpoint.read(folder.resolve("again")).weights().tensors());
        assertEquals(loaded, Networks.load(folder.resolve("again")));
    }

    private void assertNamed(Map<String, Tensor> tensors, String what) throws IOException {
        assertRefused(file(folder, TorchFile.zip(tensors)), LoadOptions.none(), what);
    }

    private static void assertRefused(Path file, LoadOptions options, String reason) {
        var error = assertThrows(IllegalArgumentException.class, () -> Networks.load(file, options));
        assertTrue(error.getMessage().contains(file.toString()) && error.getMessage().contains(reason), error.getMessage());
    }

    private static String fc(String name) {
        return name.replace("linear", "fc");
    }

    private static Map<String, Tensor> tensors(UnaryOperator<String> names) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        NET.shapes().keySet().forEach(name -> tensors.put(names.apply(name), NETWORK.weights().get(name)));
        return tensors;
    }

    private static String said(Path file, LoadOptions options) {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true));
        try {
            Networks.load(file, options);
        } finally {
            System.setErr(before);
        }
        return said.toString();
    }
}
