package org.espalier.model.files;

import static org.espalier.model.files.Assembled.concat;
import static org.espalier.model.files.Assembled.dict;
import static org.espalier.model.files.Assembled.file;
import static org.espalier.model.files.Assembled.floats;
import static org.espalier.model.files.Assembled.latin1;
import static org.espalier.model.files.Assembled.tensor;
import static org.espalier.model.files.Assembled.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Shortcut;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that PyTorch made come from {@code make_checkpoints.py} beside them. */
public class CheckpointTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"zip.pt", "legacy.th"})
    void eachFormatOfPyTorchGivesTheSameNumbers(String name) {
        var tensors = Checkpoint.read(resource(name)).weights().tensors();
        CifarResNet expected = new CifarResNet(8, List.of(2, 3, 4), List.of(1, 2, 3), 1, 2, Shortcut.SUBSAMPLE);
        assertEquals(expected.shapes().keySet().stream().toList(), tensors.keySet().stream().toList());
        int k = 0;
        for (var entry : expected.shapes().entrySet()) {
            assertEquals(numbers(k++, entry.getValue()), tensors.get(entry.getKey()), entry.getKey());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mixed-protocol5.pt", "mixed-legacy.th"})
    void everyTypeAndEveryMemoryLayoutIsRead(String name) {
        Weights weights = Checkpoint.read(resource(name)).weights();
        Tensor shared = numbers(4, 6, 5);
        float[] transposed = new float[30];
        for (int i = 0; i < 30; i++) {
            transposed[i] = shared.at(i % 6 * 5 + i / 6);
        }
        Map<String, Tensor> expected = Map.ofEntries(
                Map.entry("half", numbers(0, 2, 3)),
                Map.entry("bfloat16", numbers(1, 2, 3)),
                Map.entry("double", numbers(2, 2, 3)),
                Map.entry("channels_last", numbers(3, 2, 3, 2, 2)),
                Map.entry("shared", shared),
                Map.entry("transposed", Tensor.of(transposed, 5, 6)),
                Map.entry("rows", shared.select(0, new int[] {2, 3})),
                Map.entry("column", Tensor.of(shared.select(1, new int[] {3}).values(), 6)),
                Map.entry("expanded", Tensor.filled(shared.at(0), 4)),
                Map.entry("parameter", numbers(5, 3)),
                Map.entry("scalar", numbers(6)),
                Map.entry("empty", Tensor.of(new float[0], 0, 3)));
        assertEquals(expected, weights.tensors());
    }

    @Test
    void everyHalfPrecisionNumberIsConvertedExactly() throws IOException {
        byte[] all = new byte[2 << 16];
        for (int bits = 0; bits < 1 << 16; bits++) {
            all[2 * bits] = (byte) bits;
            all[2 * bits + 1] = (byte) (bits >> 8);
        }
        byte[] content = Assembled.safetensors("{\"a\":{\"dtype\":\"F16\",\"shape\":[65536],\"data_offsets\":[0,131072]}}", all);
        Tensor read = Checkpoint.read(file(folder, content)).weights().get("a");
        for (int bits = 0; bits < 1 << 15; bits++) {
            int exponent = bits >> 10;
            int fraction = bits & 1023;
            double expected = exponent == 31 ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                    : exponent == 0 ? Math.scalb(fraction, -24) : Math.scalb(1024d + fraction, exponent - 25);
            assertEquals((float) expected, read.at(bits));
            assertEquals((float) -expected, read.at(bits | 1 << 15));
        }
    }

    @Test
    void aMissingFileIsNamed() {
        var error = assertThrows(UncheckedIOException.class, () -> Checkpoint.read(folder.resolve("absent.th")));
        assertTrue(error.getMessage().matches("there is no file .*absent.th .*check the path"), error.getMessage());
    }

    @Test
    void aFolderIsNoCheckpoint() {
        assertRefused(folder, "it is a folder");
    }

    @Test
    void anEmptyFileIsRefused() throws IOException {
        assertRefused(file(folder, new byte[0]), "it is empty; expected was a safetensors file or one that torch.save wrote");
    }

    @Test
    void whatIsNoFileOfWeightsIsNamed() throws IOException {
        assertRefused(file(folder, latin1("<!DOCTYPE html><html>Log in</html>")), "it is a web page ('Log in'), not a file of weights");
        assertRefused(file(folder, latin1("version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 1099231\n")),
                "it is a Git LFS pointer, a note of where the file with the weights (1099231 bytes) lies");
        assertRefused(file(folder, latin1("{\"error\": \"not found\"}")), "it is a text that begins with '{\"error\": \"not found\"}'");
        assertRefused(file(folder, latin1("\u001f\u008b\u0008more")), "it is packed with gzip");
        assertRefused(file(folder, latin1("\u0089HDF\r\n\u001a\n")), "it is an HDF5 file");
        assertRefused(file(folder, new byte[] {1, 2, 3}), "it begins with the bytes 01 02 03; expected was a safetensors file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip.pt", "legacy.th", "mixed-protocol5.pt", "mixed-legacy.th"})
    void aTruncatedFileIsRefusedWhereverItEnds(String name) throws IOException {
        byte[] whole = Files.readAllBytes(resource(name));
        for (int length = 0; length < whole.length; length += 1 + length / 20) {
            Path file = file(folder, Arrays.copyOf(whole, length));
            var error = assertThrows(RuntimeException.class, () -> Checkpoint.read(file), name + " cut to " + length);
            assertTrue(error instanceof IllegalArgumentException || error instanceof UncheckedIOException, error.toString());
            assertTrue(error.getMessage().contains(file.toString()), error.getMessage());
        }
    }

    @Test
    void anEntryThatIsNoTensorIsNamed() throws IOException {
        assertRefused(file(folder, Assembled.zip(dict("K\u0001"), new byte[0])), "its entry 'a' is no tensor; expected was a state dict");
    }

    @Test
    void wholeNumbersAreNoWeights() throws IOException {
        String pickle = dict(tensor(2, 0, 2, 1)).replace("FloatStorage", "LongStorage");
        assertRefused(file(folder, Assembled.zip(pickle, new byte[16])), "its tensor 'a': holds whole numbers");
    }

    @Test
    void aTensorOutsideItsStorageIsRefused() throws IOException {
        assertRefused(file(folder, Assembled.zip(dict(tensor(4, 2, 3, 1)), floats(1, 2, 3, 4))), "leaves its storage, which holds 4");
        assertRefused(file(folder, Assembled.zip(dict(tensor(4, 0, 3, 2)), floats(1, 2, 3, 4))), "leaves its storage, which holds 4");
        assertRefused(file(folder, Assembled.zip(dict(tensor(4, -1, 3, 1)), floats(1, 2, 3, 4))), "negative");
        assertRefused(file(folder, Assembled.zip(dict(tensor(4, 3, 2, -1)), floats(1, 2, 3, 4))), "negative");
    }

    @Test
    void viewsThatPretendToMoreNumbersThanTheFileHoldsAreRefused() throws IOException {
        byte[] content = concat(Assembled.LEGACY_HEAD, latin1(dict(tensor(1, 0, Integer.MAX_VALUE, 0))),
                latin1(Assembled.START + "]" + text("0") + "a."), new byte[] {1, 0, 0, 0, 0, 0, 0, 0}, floats(1));
        assertRefused(file(folder, content), "its tensors claim more numbers than its 4 bytes of numbers can hold");
    }

    @Test
    void aLegacyStorageShorterThanAnnouncedIsRefused() throws IOException {
        byte[] before = concat(Assembled.LEGACY_HEAD, latin1(dict(tensor(3, 0, 3, 1))), latin1(Assembled.START + "]" + text("0") + "a."));
        assertRefused(file(folder, concat(before, new byte[] {2, 0, 0, 0, 0, 0, 0, 0}, floats(1, 2))),
                "its storage '0' has 2 numbers where 3 are announced");
        assertRefused(file(folder, concat(before, new byte[] {3, 0, 0, 0, 0, 0, 0, 0}, floats(1, 2))), "8 bytes are left");
        assertEquals(Tensor.of(new float[] {1, 2, 3}, 3),
                Checkpoint.read(file(folder, concat(before, new byte[] {3, 0, 0, 0, 0, 0, 0, 0}, floats(1, 2, 3)))).weights().get("a"));
    }

    @Test
    void aViewIntoALegacyStorageIsRead() throws IOException {
        String view = "(" + text("storage") + "ctorch\nFloatStorage\n" + text("0") + text("cpu") + "K\u0005(" + text("1") + "K\u0002K\u0003ttQ";
        String tensor = "ctorch._utils\n_rebuild_tensor\n(" + view + "K\u0001K\u0002\u0085K\u0001\u0085tR";
        byte[] content = concat(Assembled.LEGACY_HEAD, latin1(dict(tensor)), latin1(Assembled.START + "]" + text("0") + "a."),
                new byte[] {5, 0, 0, 0, 0, 0, 0, 0}, floats(0, 1, 2, 3, 4));
        assertEquals(Tensor.of(new float[] {3, 4}, 2), Checkpoint.read(file(folder, content)).weights().get("a"));
    }

    @Test
    void anyOfTheUsualEntriesMayHoldTheStateDict() throws IOException {
        String inner = "}" + text("a") + tensor(1, 0, 1, 1) + "s";
        for (String entry : Set.of("state_dict", "model_state_dict", "model", "net")) {
            String pickle = Assembled.START + "}" + text("epoch") + "K\u0007s" + text(entry) + inner + "s.";
            assertEquals(Set.of("a"), Checkpoint.read(file(folder, Assembled.zip(pickle, floats(1)))).weights().tensors().keySet());
        }
    }

    private static void assertRefused(Path file, String reason) {
        var error = assertThrows(IllegalArgumentException.class, () -> Checkpoint.read(file));
        assertTrue(error.getMessage().contains(file.toString()) && error.getMessage().contains(reason), error.getMessage());
    }

    private static Tensor numbers(int k, int... shape) {
        float[] values = Tensor.filled(0, shape).values();
        for (int i = 0; i < values.length; i++) {
            values[i] = ((7 * i + 3 * k) % 31 - 15) / 16f;
        }
        return Tensor.of(values, shape);
    }

    public static Path resource(String name) {
        try {
            return Path.of(CheckpointTest.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(name, e);
        }
    }
}
