package org.espalier.model.files;

import static org.espalier.model.files.Assembled.START;
import static org.espalier.model.files.Assembled.dict;
import static org.espalier.model.files.Assembled.file;
import static org.espalier.model.files.Assembled.floats;
import static org.espalier.model.files.Assembled.int4;
import static org.espalier.model.files.Assembled.latin1;
import static org.espalier.model.files.Assembled.tensor;
import static org.espalier.model.files.Assembled.text;
import static org.espalier.model.files.Assembled.zip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.espalier.model.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files made to run code, or to take all memory or time. */
@Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"posix\nsystem", "os\nsystem", "builtins\neval", "__builtin__\nexec", "subprocess\nPopen", "argparse\nNamespace",
        "torch.nn.modules.conv\nConv2d", "numpy.core.multiarray\n_reconstruct", "operator\nattrgetter", "decimal\nDecimal", "torch\nload"})
    void aForeignClassIsRefusedByName(String name) throws IOException {
        String marker = folder.resolve("executed").toString();
        String call = "c" + name + "\n" + text("touch " + marker) + "\u0085R";
        assertRefused(START + call + ".", "its pickle asks for '" + name.replace('\n', '.') + "', which is refused");
        assertRefused(dict(call), "its pickle asks for '" + name.replace('\n', '.') + "', which is refused");
        assertFalse(Files.exists(Path.of(marker)));
    }

    @Test
    void aForeignClassNamedByProtocol4IsRefusedToo() throws IOException {
        assertRefused("\u0080\u0004\u008c\u0005posix\u008c\u0006system\u0093\u008c\u0002id\u0085R.",
                "its pickle asks for 'posix.system', which is refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(iposix\nsystem\n.", "(cos\nsystem\no.", "\u0082\u0001.", "P1\n."})
    void noOpcodeCallsAForeignFunction(String pickle) throws IOException {
        var error = assertThrows(IllegalArgumentException.class, () -> Checkpoint.read(file(folder, zip(START + pickle, new byte[0]))));
        String message = error.getMessage();
        assertTrue(message.contains("has the opcode 0x") || message.contains("system', which is refused"), message);
    }

    @Test
    void aWholeModuleIsRefused() throws IOException {
        assertRefused(START + "(" + text("module") + "N" + text("Net.py") + text("source") + "tQ.", "holds a whole 'module', not only its weights");
    }

    @Test
    void controlCharactersInANameDontReachTheTerminal() throws IOException {
        assertRefused(START + "c\u001b[2J\n" + "x".repeat(5000) + "\n.", "'?[2J.xxx");
        var error = assertThrows(IllegalArgumentException.class, () -> Checkpoint.read(folder.resolve("weights.file")));
        assertTrue(error.getMessage().length() < 600 && !error.getMessage().contains("\u001b"), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"X", "T", "B"})
    void aTextThatAnnouncesGigabytesIsRefusedBeforeMemoryIsTaken(String opcode) throws IOException {
        assertRefused(START + opcode + int4(Integer.MAX_VALUE) + "abc.", "announces a text of 2147483647 bytes, but 4 are left");
        assertRefused(START + opcode + int4(-1) + "abc.", "announces a text of 4294967295 bytes");
    }

    @Test
    void aKeyThatContainsItselfIsRefusedInsteadOfHashed() throws IOException {
        assertRefused(START + "}]q\u0000h\u0000aNs.", "a list or a dict as a key");
    }

    @Test
    void containersThatDoubleFortyTimesAreNotWalked() throws IOException {
        StringBuilder lists = new StringBuilder(START + "(]q\u0000");
        for (int i = 0; i < 40; i++) {
            lists.append("]q").append((char) (i + 1)).append("h").append((char) i).append("ah").append((char) i).append("a");
        }
        assertRefused(lists + "t}h\u0028Ns.", "a list or a dict as a key");
        assertRefused(lists + "t}" + text("a") + "h\u0028s.", "its entry 'a' is no tensor");
        assertRefused(lists + "t(h\u0028tQ.", "holds a whole object, not only its weights");
    }

    @Test
    void endlessWorkIsRefused() throws IOException {
        assertRefused(START + "]" + "(Ne".repeat(2_000_000) + ".", "takes more than 2000000 steps");
        assertRefused(START + "]q\u0000(" + "]K\u0001aK\u0002a".repeat(100_000) + "e0.", "makes no sense");
        String again = "ccollections\nOrderedDict\nh\u0000\u0085R";
        assertRefused(START + "]q\u0000(" + "K\u0001K\u0002\u0086".repeat(20_000) + "e" + again.repeat(50_000) + ".",
                "takes more than 2000000 steps");
    }

    @Test
    void workOnWhatIsRepeatedIsRefusedToo() throws IOException {
        String many = "(" + "N".repeat(400_000) + "tq\u0000";
        String calls = "ctorch._utils\n_rebuild_tensor_v2\nq\u00010" + "h\u0001h\u0000R0".repeat(300_000);
        assertRefused(START + many + calls + ".", "something else where a state dict was expected");
        String bits = "}(" + "K\u0001N".repeat(100) + "uq\u00020";
        String view = "h\u0001(" + Assembled.storage(4) + "K\u0000K\u0001\u0085K\u0001\u0085\u0089}h\u0002tR";
        assertRefused(START + "ctorch._utils\n_rebuild_tensor_v2\nq\u00010" + bits + "}" + text("a.weight") + view + "s.", new byte[16],
                "a view of a kind that is unknown here");
        assertRefused(Safetensors.write(Map.of("model.".repeat(1000), Tensor.filled(1, 1)), Map.of()), "a name of 6000 characters");
    }

    @Test
    void aDictThatContainsItselfIsNoStateDict() throws IOException {
        assertRefused(START + "}q\u0000" + text("state_dict") + "h\u0000s.", "its entry 'state_dict' is no tensor");
    }

    @Test
    void aBombOfZerosIsRefused() throws IOException {
        int count = 5 << 20;
        assertRefused(dict(tensor(count, 0, count, 1)), new byte[4 * count], "would unpack to 20971520 bytes");
        assertRefused(START + "N0".repeat(9 << 20) + ".", new byte[0], "would unpack to 18874371 bytes");
    }

    @Test
    void aNameThatPointsOutOfTheFolderIsOnlyAName() throws IOException {
        String prefix = "../".repeat(20) + folder.toString().substring(1) + "/x/";
        byte[] bytes = zip(Map.of(prefix + "data.pkl", latin1(dict(tensor(1, 0, 1, 1))), prefix + "data/0", floats(5)));
        assertEquals(5, Checkpoint.read(file(folder, bytes)).weights().get("a").at(0));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
        assertRefused(dict(tensor(1, 0, 1, 1)).replace(text("0"), text("../../../../etc/passwd")), "'a/data/../../../../etc/passwd' is missing");
    }

    @Test
    void anArchiveWithoutAPickleOrWithTwoIsRefused() throws IOException {
        assertRefused(zip(Map.of("word/document.xml", new byte[3])), "a zip archive with 0 entries 'data.pkl'");
        assertRefused(zip(Map.of("a/data.pkl", new byte[3], "b/data.pkl", new byte[3])), "a zip archive with 2 entries 'data.pkl'");
    }

    @Test
    void anArchiveWithTwoEntriesOfOneNameIsRefused() throws IOException {
        byte[] bytes = zip(Map.of("a/data.pkl", new byte[3], "a/data/0", floats(1), "a/data/1", floats(2)));
        // Only in the directory at the end, where the name counts.
        int last = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("a/data/1");
        bytes[last + 7] = '0';
        assertRefused(bytes, "a zip archive with two entries 'a/data/0'");
    }

    @Test
    void anEntryThatWasChangedIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(CheckpointTest.resource("zip.pt"));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int data = text.indexOf("zip/data/0") + 64;
        bytes[data + 40] ^= 1;
        assertRefused(bytes, "doesn't match its checksum");
    }

    private void assertRefused(String pickle, String reason) throws IOException {
        assertRefused(pickle, new byte[0], reason);
    }

    private void assertRefused(String pickle, byte[] storage, String reason) throws IOException {
        assertRefused(zip(pickle, storage), reason);
    }

    private void assertRefused(byte[] bytes, String reason) throws IOException {
        Path file = file(folder, bytes);
        var error = assertThrows(IllegalArgumentException.class, () -> Checkpoint.read(file));
        assertTrue(error.getMessage().contains(file.toString()) && error.getMessage().contains(reason), error.getMessage());
    }
}
