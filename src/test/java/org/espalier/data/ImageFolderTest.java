package org.espalier.data;

import static org.espalier.data.Faults.fails;
import static org.espalier.data.Faults.left;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.espalier.data.files.CacheFolder;
import org.espalier.data.files.FolderDecoding;
import org.espalier.data.files.FolderListing;
import org.espalier.data.files.ImageDecoder;
import org.espalier.data.files.PixelCache;
import org.espalier.data.files.ProgressListener;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
    private final AtomicInteger decoded = new AtomicInteger();

    @TempDir
    private Path temporary;
    private Path root;
    private CacheFolder cache;

    /** Two classes, three training images and one test image each, 4 high and 6 wide. */
    @BeforeEach
    void make() throws IOException {
        root = temporary.resolve("images");
        cache = new CacheFolder(temporary.resolve("cache"));
        for (String ofClass : new String[] {"cat", "ant"}) {
            for (int i = 0; i < 3; i++) {
                png(root.resolve("train").resolve(ofClass).resolve("i" + i + ".png"), 10 * i + ofClass.length() + ofClass.charAt(0));
            }
            png(root.resolve("test").resolve(ofClass).resolve("t.PNG"), ofClass.charAt(0));
        }
    }

    @Test
    void classesAndFilesComeInTheOrderOfTheirNames() {
        Dataset data = load();
        assertEquals(List.of("ant", "cat"), data.train().classes());
        assertEquals("0 0 0 1 1 1", labels(data.train()));
        assertEquals("0 1", labels(data.test()));
        assertEquals(Optional.empty(), data.validation());
        assertArrayEquals(pixels('a' + 3 + 20), data.train().image(2));
        assertArrayEquals(pixels('c'), data.test().image(1));
        assertEquals(Normalisation.of(data.train()), data.normalisation());
    }

    @Test
    void theSecondTimeNothingIsDecodedAndEverythingIsTheSame() throws IOException {
        Dataset first = load();
        assertEquals(8, decoded.get());
        assertEquals(first, load());
        assertEquals(8, decoded.get());
        assertEquals(1, left(cache.path()).size());
    }

    @Test
    void valServesAsTestAndBesideTestAsValidation() throws IOException {
        Files.move(root.resolve("test"), root.resolve("val"));
        assertEquals(2, load().test().size());
        png(root.resolve("test/ant/1.png"), 1);
        png(root.resolve("test/cat/1.png"), 2);
        png(root.resolve("test/cat/2.png"), 3);
        for (int time = 0; time < 2; time++) {
            assertEquals(2, load().validation().orElseThrow().size());
            assertEquals("0 1 1", labels(load().test()));
            assertArrayEquals(pixels(3), load().test().image(2));
        }
    }

    @Test
    void contentDecidesTheNameAndThePlaceDoesNot() throws IOException {
        Dataset data = load();
        assertTrue(data.name().matches("folder:[0-9a-f]{16}"), data.name());
        Path moved = Files.move(root, temporary.resolve("moved"));
        Files.move(moved.resolve("train/ant/i0.png"), moved.resolve("train/ant/a.png"));
        root = moved;
        assertEquals(data.name(), load().name());
        Files.move(moved.resolve("train/ant/a.png"), moved.resolve("train/ant/z.png"));
        assertNotEquals(data.name(), load().name());
    }

    @Test
    void aChangedFolderIsDecodedAgain() throws IOException {
        String name = load().name();
        Path file = root.resolve("train/cat/i1.png");
        png(file, 200);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        Dataset changed = load();
        assertNotEquals(name, changed.name());
        assertArrayEquals(pixels(200), changed.train().image(4));
        Files.delete(file);
        assertEquals(5, load().train().size());
        assertEquals(1, left(cache.path()).size());
    }

    @Test
    void aDamagedCacheIsRebuiltWhereverTheDamageIs() throws IOException {
        Dataset data = load();
        Path file = cache.path().resolve(left(cache.path()).get(0));
        byte[] whole = Files.readAllBytes(file);
        for (int at : new int[] {0, 9, 16, 17, 19, 25, 90, 200, 4095, 4096, whole.length - 1}) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x41;
            Files.write(file, damaged);
            int before = decoded.get();
            assertEquals(data, load());
            assertEquals(before + 8, decoded.get(), "byte " + at);
        }
        for (int length : new int[] {0, 7, 4096, whole.length - 1, whole.length + 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertEquals(data, load());
        }
        assertArrayEquals(whole, Files.readAllBytes(file));
    }

    @Test
    void aCacheThatCannotBeWrittenCostsOnlyTime() throws IOException {
        Dataset cached = load();
        cache = new CacheFolder(Files.writeString(temporary.resolve("a file"), "").resolve("cache"));
        assertEquals(cached, load());
        assertEquals(16, decoded.get());
    }

    @Test
    void aFullDiskCostsOnlyTimeAndLeavesNothing() throws IOException {
        FolderDecoding decoding = new FolderDecoding(FolderListing.of(root), Optional.empty(), ProgressListener.SILENT);
        assertThrows(IOException.class, () -> decoding.run((index, pixels) -> {
            throw new IOException("No space left on device");
        }));
        Files.createDirectories(cache.path());
        Path file = cache.path().resolve("x.images");
        Files.createDirectories(file.resolve("in the way"));
        assertThrows(IOException.class, () -> new PixelCache(file, "key").write(decoding, (train, size) -> ""));
        assertEquals(List.of("x.images"), left(cache.path()));
    }

    @Test
    void severalThatAskTogetherDecodeOnce() {
        List<Dataset> all = List.of(1, 2, 3, 4).parallelStream().map(i -> load()).toList();
        assertEquals(8, decoded.get());
        all.forEach(one -> assertEquals(all.get(0), one));
    }

    @Test
    void imagesOfAnotherSizeAreRefusedByNameAndCanBeScaled() throws IOException {
        Path file = root.resolve("test/cat/wide.png");
        write(file, new BufferedImage(60, 4, BufferedImage.TYPE_INT_RGB), "png");
        fails(IllegalArgumentException.class, this::load, file, "4x60", "4x6", "imageFolder(folder, 4)");
        assertEquals(List.of(), left(cache.path()));
        Dataset scaled = load(Optional.of(new ImageDecoder.Size(5, 3)));
        assertEquals(5, scaled.train().height());
        assertEquals(3, scaled.train().width());
        assertTrue(scaled.name().endsWith("@5x3"), scaled.name());
        assertEquals(scaled, load(Optional.of(new ImageDecoder.Size(5, 3))));
        assertNotEquals(scaled, load(Optional.of(new ImageDecoder.Size(3, 5))));
    }

    @Test
    void anUndecodableImageIsNamedAndNothingIsLeft() throws IOException {
        Path file = root.resolve("train/cat/i1.png");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        fails(IllegalArgumentException.class, this::load, "cannot decode", file, "replace or remove");
        Files.writeString(file, "<html>not found</html>");
        fails(IllegalArgumentException.class, this::load, file, "a web page");
        Files.writeString(file, "version https://git-lfs.github.com/spec/v1");
        fails(IllegalArgumentException.class, this::load, file, "git lfs pull");
        Files.writeString(file, "nothing in particular");
        fails(IllegalArgumentException.class, this::load, file, "neither a JPEG nor a PNG");
        Files.write(file, new byte[0]);
        fails(IllegalArgumentException.class, this::load, file);
        assertEquals(List.of(), left(cache.path()));
    }

    @Test
    void anInterruptStopsTheDecodingAndLeavesNothing() throws IOException {
        Thread.currentThread().interrupt();
        var error = assertThrows(UncheckedIOException.class, this::load);
        assertTrue(Thread.interrupted());
        assertEquals(InterruptedIOException.class, error.getCause().getClass());
        assertEquals(List.of(), left(cache.path()));
    }

    /** The same 200 images of CIFAR-10 as JPEG and as official bytes: quality 75 changes a pixel by a few of 255, another order by dozens. */
    @Test
    @EnabledIfEnvironmentVariable(named = "ESPALIER_DEV_DATA", matches = ".+", disabledReason = "ESPALIER_DEV_DATA names no folder with real files")
    void realJpegsAreTheImagesThatTheyWereMadeFrom() throws IOException {
        Path given = Path.of(System.getenv("ESPALIER_DEV_DATA"));
        Split original = Datasets.cifar10(given.resolve("cifar-10-batches-bin")).test().take(20);
        root = temporary.resolve("real");
        for (String ofClass : original.classes()) {
            for (int i = 0; i < 20; i++) {
                Path file = given.resolve("cifar10-jpeg/test/%s/%04d.jpg".formatted(ofClass, i));
                for (String part : new String[] {"train", "test"}) {
                    Path copy = root.resolve(part).resolve(ofClass).resolve(file.getFileName());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        Split decoded = load().test();
        int[] next = new int[10];
        for (int i = 0; i < original.size(); i++) {
            int label = original.label(i);
            byte[] before = original.image(i);
            byte[] after = decoded.image(20 * label + next[label]++);
            double difference = IntStream.range(0, before.length).map(p -> Math.abs((before[p] & 0xff) - (after[p] & 0xff))).average().getAsDouble();
            assertTrue(difference < 12, "image " + i + " differs by " + difference);
        }
    }

    private Dataset load() {
        return load(Optional.empty());
    }

    private Dataset load(Optional<ImageDecoder.Size> size) {
        return ImageFolder.load(new FolderDecoding(FolderListing.of(root), size, (what, done, total) -> decoded.incrementAndGet()), cache);
    }

    private static String labels(Split images) {
        StringBuilder labels = new StringBuilder();
        for (int i = 0; i < images.size(); i++) {
            labels.append(i == 0 ? "" : " ").append(images.label(i));
        }
        return labels.toString();
    }

    private static void png(Path file, int seed) throws IOException {
        Files.createDirectories(file.getParent());
        BufferedImage image = new BufferedImage(6, 4, BufferedImage.TYPE_INT_RGB);
        byte[] rgb = pixels(seed);
        for (int p = 0; p < 24; p++) {
            image.setRGB(p % 6, p / 6, (rgb[3 * p] & 0xff) << 16 | (rgb[3 * p + 1] & 0xff) << 8 | rgb[3 * p + 2] & 0xff);
        }
        write(file, image, "png");
    }

    private static byte[] pixels(int seed) {
        byte[] rgb = new byte[72];
        for (int i = 0; i < 72; i++) {
            rgb[i] = (byte) (seed + 5 * i);
        }
        return rgb;
    }

    private static void write(Path file, BufferedImage image, String format) throws IOException {
        assertTrue(ImageIO.write(image, format, file.toFile()));
    }
}
