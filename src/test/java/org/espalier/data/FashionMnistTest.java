package org.espalier.data;

import static org.espalier.data.Faults.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.espalier.data.files.ProgressListener;
import org.espalier.text.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistTest {
    @TempDir
    private Path folder;

    @Test
    void theSampleIsBalancedAndIsWhatItsReadmeSays() throws IOException {
        Dataset sample = Datasets.sample();
        assertEquals("fashion-mnist-sample", sample.name());
        int[] each = new int[10];
        Arrays.fill(each, 200);
        assertArrayEquals(each, sample.train().countByClass());
        Arrays.fill(each, 50);
        assertArrayEquals(each, sample.test().countByClass());
        try (InputStream packed = getClass().getResourceAsStream("fashion-mnist-sample/images.gz");
                InputStream readme = getClass().getResourceAsStream("fashion-mnist-sample/README.md")) {
            String checksum = Sha256.of(new GZIPInputStream(packed).readAllBytes());
            assertTrue(new String(readme.readAllBytes(), StandardCharsets.UTF_8).contains(checksum), checksum);
        }
    }

    @Test
    void theSampleIsTheFirstImagesOfEachClassOfTheFullDataset() {
        assumeTrue(Files.isDirectory(FashionMnist.DEBIAN), "Debian's package dataset-fashion-mnist isn't installed");
        Dataset full = Datasets.fashionMnist(ProgressListener.SILENT);
        assertEquals("fashion-mnist", full.name());
        assertEquals(60_000, full.train().size());
        assertEquals(10_000, full.test().size());
        assertEquals(full.train().take(200), Datasets.sample().train());
        assertEquals(full.test().take(50), Datasets.sample().test());
        Normalisation measured = Normalisation.of(full.train());
        assertEquals(Normalisation.FASHION_MNIST.mean().get(0), measured.mean().get(0), 5e-5f);
        assertEquals(Normalisation.FASHION_MNIST.std().get(0), measured.std().get(0), 5e-5f);
    }

    @Test
    void theFilesOfTheFormatAreRead() throws IOException {
        write(3, 3, 0x803, 28);
        Dataset data = FashionMnist.in(folder);
        assertEquals(3, data.train().size());
        assertEquals(2, data.train().label(2));
        assertEquals(5, data.train().image(0)[5]);
    }

    @Test
    void aFileThatIsMissingTruncatedOrAnotherFormatIsRefusedByName() throws IOException {
        Path images = folder.resolve("train-images-idx3-ubyte.gz");
        Path labels = folder.resolve("train-labels-idx1-ubyte.gz");
        fails(UncheckedIOException.class, () -> FashionMnist.in(folder), labels, "missing");
        write(3, 3, 0x801, 28);
        fails(IllegalArgumentException.class, () -> FashionMnist.in(folder), images, "begins with 801", "fetch it again");
        write(3, 3, 0x803, 27);
        fails(IllegalArgumentException.class, () -> FashionMnist.in(folder), images, "[27, 27]", "[28, 28]");
        write(3, 4, 0x803, 28);
        fails(IllegalArgumentException.class, () -> FashionMnist.in(folder), images, "3 images", labels, "4 labels");
        write(3, 12, 0x803, 28);
        write(12, 12, 0x803, 28);
        fails(IllegalArgumentException.class, () -> FashionMnist.in(folder), labels, "image 10", "label 10");
        write(3, 3, 0x803, 28);
        Files.write(images, Arrays.copyOf(Files.readAllBytes(images), 100));
        fails(UncheckedIOException.class, () -> FashionMnist.in(folder), images, "truncated");
    }

    private void write(int images, int labels, int magic, int side) throws IOException {
        for (String part : new String[] {"train", "t10k"}) {
            ByteArrayOutputStream pixels = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(pixels);
            out.writeInt(magic);
            out.writeInt(images);
            out.writeInt(side);
            out.writeInt(side);
            for (int i = 0; i < images * side * side; i++) {
                out.write(i);
            }
            zip(part + "-images-idx3-ubyte.gz", pixels.toByteArray());
            ByteArrayOutputStream numbers = new ByteArrayOutputStream();
            out = new DataOutputStream(numbers);
            out.writeInt(0x801);
            out.writeInt(labels);
            for (int i = 0; i < labels; i++) {
                out.write(i);
            }
            zip(part + "-labels-idx1-ubyte.gz", numbers.toByteArray());
        }
    }

    private void zip(String name, byte[] bytes) throws IOException {
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            out.write(bytes);
        }
    }
}
