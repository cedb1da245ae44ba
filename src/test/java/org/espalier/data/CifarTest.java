package org.espalier.data;

import static org.espalier.data.Faults.fails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CifarTest {
    private static final int RECORD = 3073;

    @TempDir
    private Path folder;

    @Test
    void planesBecomePixelsAndFilesFollowOneAnother() throws IOException {
        write(folder, 2);
        Dataset data = Datasets.cifar10(folder);
        assertEquals(10, data.train().size());
        assertEquals(2, data.test().size());
        byte[] image = data.train().image(3);
        byte[] record = record(1, 1);
        assertEquals(record[0], data.train().label(3));
        for (int c = 0; c < 3; c++) {
            for (int p : new int[] {0, 1, 31, 32, 1023}) {
                assertEquals(record[1 + 1024 * c + p], image[3 * p + c]);
            }
        }
        assertEquals(Normalisation.CIFAR10, data.normalisation());
    }

    @Test
    void contentDecidesTheNameAndOnlyTheOfficialFilesAreCalledCifar10() throws IOException {
        Path inner = Files.createDirectories(folder.resolve("here").resolve("cifar-10-batches-bin"));
        Path other = Files.createDirectories(folder.resolve("there"));
        write(inner, 1);
        write(other, 1);
        String name = Datasets.cifar10(inner.getParent()).name();
        assertTrue(name.matches("cifar10:[0-9a-f]{16}"), name);
        assertEquals(name, Datasets.cifar10(other).name());
        byte[] changed = record(5, 0);
        changed[1] ^= 1;
        Files.write(other.resolve("test_batch.bin"), changed);
        assertNotEquals(name, Datasets.cifar10(other).name());
    }

    @Test
    void aMissingFileIsNamedWithWhatIsExpected() throws IOException {
        write(folder, 1);
        Files.delete(folder.resolve("data_batch_4.bin"));
        fails(IllegalArgumentException.class, () -> Datasets.cifar10(folder), folder.resolve("data_batch_4.bin"), "test_batch", "binary version");
    }

    @Test
    void ofTwoLabelsTheFineOneCounts() throws IOException {
        for (String name : List.of("train", "test")) {
            byte[] bytes = new byte[3 * (RECORD + 1)];
            for (int r = 0; r < 3; r++) {
                System.arraycopy(record(2, r), 0, bytes, r * (RECORD + 1) + 1, RECORD);
                bytes[r * (RECORD + 1)] = 19;
                bytes[r * (RECORD + 1) + 1] = (byte) (97 + r);
            }
            Files.write(folder.resolve(name + ".bin"), bytes);
        }
        Dataset data = Datasets.cifar100(folder);
        assertEquals(100, data.train().classes().size());
        assertEquals("wolf", data.train().classes().get(data.train().label(0)));
        assertEquals(record(2, 1)[1], data.test().image(1)[0]);
        assertTrue(data.name().matches("cifar100:[0-9a-f]{16}"), data.name());
        fails(IllegalArgumentException.class, () -> Datasets.cifar10(folder), "this is cifar100");
        Files.write(folder.resolve("test.bin"), new byte[3074 * 2 + 1]);
        fails(IllegalArgumentException.class, () -> Datasets.cifar100(folder), "3074 bytes");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thePythonVersionHoldsTheSame(boolean ofPython3) throws IOException {
        Path binary = Files.createDirectories(folder.resolve("binary"));
        write(binary, 4);
        Path inner = Files.createDirectories(folder.resolve("python").resolve("cifar-10-batches-py"));
        for (int f = 0; f < 6; f++) {
            byte[] records = Files.readAllBytes(binary.resolve(file(f) + ".bin"));
            Files.write(inner.resolve(file(f)), Pickles.batch(records, RECORD, ofPython3));
        }
        assertEquals(Datasets.cifar10(binary), Datasets.cifar10(inner.getParent()));
    }

    @Test
    void aPickleThatAsksForMoreIsRefused() throws IOException {
        write(folder, 1);
        Path python = Files.createDirectories(folder.resolve("cifar-10-batches-py"));
        for (int f = 0; f < 6; f++) {
            Files.write(python.resolve(file(f)), Pickles.call("os", "system", "true"));
        }
        fails(IllegalArgumentException.class, () -> Datasets.cifar10(python), python.resolve("data_batch_1"), "os.system, which is refused", "binary version");
        Files.writeString(python.resolve("data_batch_1"), "no pickle");
        fails(IllegalArgumentException.class, () -> Datasets.cifar10(python), python.resolve("data_batch_1"), "binary version");
    }

    @Test
    void aTruncatedFileIsRefusedByName() throws IOException {
        write(folder, 1);
        Path file = folder.resolve("data_batch_2.bin");
        Files.write(file, new byte[RECORD - 1]);
        fails(IllegalArgumentException.class, () -> Datasets.cifar10(folder), file, "3072 bytes", "fetch it again");
        Files.write(file, new byte[0]);
        fails(IllegalArgumentException.class, () -> Datasets.cifar10(folder), file, "0 bytes");
    }

    @Test
    void aLabelAboveNineIsRefusedWithItsRecord() throws IOException {
        write(folder, 3);
        Path file = folder.resolve("test_batch.bin");
        byte[] bytes = Files.readAllBytes(file);
        bytes[2 * RECORD] = 10;
        Files.write(file, bytes);
        fails(IllegalArgumentException.class, () -> Datasets.cifar10(folder), "record 2", file, "label 10", "0 to 9");
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "ESPALIER_DEV_DATA", matches = ".+", disabledReason = "ESPALIER_DEV_DATA names no folder with real files")
    void realFilesOfAThousandRecordsLoad() {
        Dataset data = Datasets.cifar10(Path.of(System.getenv("ESPALIER_DEV_DATA"), "cifar-10-batches-bin"));
        assertEquals(5000, data.train().size());
        assertEquals(List.of(6, 9, 9, 4, 1, 1, 2, 7, 8, 3), List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9).stream().map(data.train()::label).toList());
        assertEquals(List.of(3, 8, 8, 0, 6), List.of(0, 1, 2, 3, 4).stream().map(data.test()::label).toList());
        assertEquals(.4914f, Normalisation.of(data.train()).mean().get(0), .005f);
    }

    /** The six files with {@code records} records each. */
    static void write(Path folder, int records) throws IOException {
        for (int f = 0; f < 6; f++) {
            byte[] bytes = new byte[records * RECORD];
            for (int r = 0; r < records; r++) {
                System.arraycopy(record(f, r), 0, bytes, r * RECORD, RECORD);
            }
            Files.write(folder.resolve(file(f) + ".bin"), bytes);
        }
    }

    private static String file(int number) {
        return number < 5 ? "data_batch_" + (number + 1) : "test_batch";
    }

    private static byte[] record(int file, int record) {
        byte[] bytes = new byte[RECORD];
        for (int i = 1; i < RECORD; i++) {
            bytes[i] = (byte) (i * 31 + file * 7 + record);
        }
        bytes[0] = (byte) ((file + record) % 10);
        return bytes;
    }
}
