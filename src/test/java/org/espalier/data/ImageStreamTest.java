package org.espalier.data;

import static org.espalier.data.Faults.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.espalier.random.Randomness;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageStreamTest {
    private static final int SIDE = 16;
    @TempDir
    private static Path temporary;
    private static Path root;
    private static NDManager manager;

    @BeforeAll
    static void make() throws IOException {
        root = Photos.folder(temporary.resolve("photos"), 23, 6, 60, 40);
        manager = NDManager.newBaseManager("PyTorch");
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    @AfterEach
    void noThreadIsLeft() {
        assertEquals(List.of(), Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("espalier-decoder")).toList());
    }

    @Test
    void aFolderBecomesADatasetOfSquaresWithoutBeingRead() {
        Dataset data = Datasets.imageStream(root, SIDE);
        assertTrue(data.name().matches("stream:[0-9a-f]{16}@16"), data.name());
        assertEquals("23 images of 16 x 16 x 3, 2 classes, in files", data.train().toString());
        assertEquals(6, data.test().size());
        assertEquals(List.of("class0", "class1"), data.train().classes());
        assertEquals(Normalisation.IMAGENET, data.normalisation());
        assertArrayEquals(new int[] {12, 11}, data.train().countByClass());
        assertTrue(data.toString().contains("23 training and 6 test images"), data.toString());
        assertEquals(data, Datasets.imageStream(root, SIDE));
    }

    @Test
    void subsetsAndAValidationSplitAreValuesAsElsewhere() {
        Dataset data = Datasets.imageStream(root, SIDE);
        assertEquals(6, data.take(3, 2).train().size());
        assertArrayEquals(data.train().image(13), data.take(3).train().image(4));
        Dataset split = data.withValidation(.25, 1);
        assertEquals(6, split.validation().orElseThrow().size());
        assertEquals(17, split.train().size());
    }

    @Test
    void namesAndLengthsDecideTheNameAndThePlaceDoesNot() throws IOException {
        Path copy = Photos.folder(temporary.resolve("copy"), 4, 2, 30, 20);
        String name = Datasets.imageStream(copy, SIDE).name();
        Path moved = Files.move(copy, temporary.resolve("moved"));
        assertEquals(name, Datasets.imageStream(moved, SIDE).name());
        assertNotEquals(name, Datasets.imageStream(moved, SIDE + 1).name());
        Path file = moved.resolve("train/class0/000000.JPEG");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 10));
        assertNotEquals(name, Datasets.imageStream(moved, SIDE).name());
    }

    @ParameterizedTest
    @EnumSource(MemoryFormat.class)
    void batchesComeInTheOrderAskedForNormalisedAsResidentImagesAre(MemoryFormat layout) {
        Dataset data = Datasets.imageStream(root, SIDE);
        int[] order = Randomness.permutation(23, Randomness.of(1, "test", 0));
        Images pixels = resident(data.train());
        try (DataLoader stream = data.train().on(manager, data.normalisation(), layout);
                DeviceImages device = DeviceImages.on(manager, pixels, data.normalisation(), layout);
                BatchIterator pass = stream.pass(order, 5, Augmentation.NONE, 1, 0); NDManager step = manager.newSubManager()) {
            for (int from = 0; from < 23; from += 5) {
                int[] rows = Arrays.copyOfRange(order, from, Math.min(23, from + 5));
                Batch batch = pass.next(step);
                assertEquals(rows.length, batch.size());
                assertEquals(new Shape(rows.length, 3, SIDE, SIDE), batch.images().getShape());
                assertEquals(step, batch.images().getManager());
                assertArrayEquals(device.images(step, rows).toFloatArray(), batch.images().toFloatArray());
                assertArrayEquals(device.labels(step, rows).toLongArray(), batch.labels().toLongArray());
            }
            assertThrows(NoSuchElementException.class, () -> pass.next(step));
        }
    }

    @Test
    void theNumberOfThreadsShowsNowhere() {
        List<float[]> one = epoch(1, 3, 7, 0);
        for (int threads : new int[] {2, 5}) {
            List<float[]> several = epoch(threads, 3, 7, 0);
            for (int i = 0; i < one.size(); i++) {
                assertArrayEquals(one.get(i), several.get(i));
            }
        }
        assertFalse(Arrays.equals(one.get(0), epoch(2, 4, 7, 0).get(0)), "another seed");
        assertFalse(Arrays.equals(one.get(0), epoch(2, 3, 7, 1).get(0)), "another epoch");
    }

    @Test
    void anImageIsAugmentedTheSameWhateverCameBeforeIt() {
        List<float[]> large = epoch(2, 3, 7, 0);
        List<float[]> single = epoch(2, 3, 1, 0);
        int values = 3 * SIDE * SIDE;
        for (int i = 0; i < 23; i++) {
            assertArrayEquals(Arrays.copyOfRange(large.get(i / 7), i % 7 * values, (i % 7 + 1) * values), single.get(i));
        }
    }

    @Test
    void noMoreThanTheRingIsDecodedAhead() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        try (Prefetcher ahead = ahead(100, 3, 4, (decoder, place) -> {
            asked.incrementAndGet();
            return new byte[] {(byte) place};
        })) {
            for (int batch = 0; batch < 5; batch++) {
                int expected = 12 + 3 * batch;
                for (int i = 0; i < 500 && asked.get() < expected; i++) {
                    Thread.sleep(2);
                }
                Thread.sleep(20);
                assertEquals(expected, asked.get());
                int first = 3 * batch;
                ahead.take((rows, buffer) -> {
                    assertEquals(first, buffer.get(0));
                    assertEquals(first + 2, buffer.get(2));
                    return null;
                });
            }
        }
    }

    @Test
    void whatIsDecodedAheadNeedsNoMoreWaiting() throws InterruptedException {
        CountDownLatch taken = new CountDownLatch(1);
        AtomicInteger decoded = new AtomicInteger();
        try (Prefetcher ahead = ahead(60, 3, 2, (decoder, place) -> {
            if (place >= 12) {
                await(taken);
            }
            decoded.incrementAndGet();
            return new byte[1];
        })) {
            while (decoded.get() < 12) {
                Thread.sleep(2);
            }
            for (int batch = 0; batch < 4; batch++) {
                ahead.take((rows, buffer) -> null);
            }
            taken.countDown();
        }
    }

    @Test
    void anUndecodableImageStopsThePassWhereItBelongsAndIsNamed() throws IOException {
        Path broken = Photos.folder(temporary.resolve("broken"), 12, 2, 30, 20);
        Path file = broken.resolve("train/class1/000003.JPEG");
        byte[] whole = Files.readAllBytes(file);
        for (byte[] content : List.of(Arrays.copyOf(whole, whole.length / 2), "<html>gone</html>".getBytes(), hostile(60_000, 60_000))) {
            Files.write(file, content);
            Dataset data = Datasets.imageStream(broken, SIDE);
            try (DataLoader stream = data.train().on(manager, data.normalisation(), MemoryFormat.CHANNELS_LAST); NDManager step = manager.newSubManager()) {
                BatchIterator pass = stream.pass(new int[] {0, 1, 2, 3, 4, 7, 5, 6}, 3, Augmentation.NONE, 1, 0);
                assertEquals(3, pass.next(step).size());
                fails(IllegalArgumentException.class, () -> pass.next(step), file, "replace or remove");
            }
        }
        Files.delete(file);
        Files.write(file, new byte[0]);
        fails(IllegalArgumentException.class, () -> Datasets.imageStream(broken, SIDE), file, "is empty");
    }

    @Test
    void aFileThatVanishedIsNamed() throws IOException {
        Path folder = Photos.folder(temporary.resolve("vanishing"), 4, 2, 30, 20);
        Dataset data = Datasets.imageStream(folder, SIDE);
        Path file = folder.resolve("train/class0/000002.JPEG");
        Files.delete(file);
        try (DataLoader stream = data.train().on(manager, data.normalisation(), MemoryFormat.CHANNELS_LAST); NDManager step = manager.newSubManager()) {
            BatchIterator pass = stream.pass(new int[] {0, 1, 2, 3}, 4, Augmentation.CROP_AND_FLIP, 1, 0);
            fails(java.io.UncheckedIOException.class, () -> pass.next(step), file);
        }
    }

    @Test
    void ofTwoWrongFilesTheFirstInOrderIsNamedWhicheverThreadIsFaster() {
        CountDownLatch laterFailed = new CountDownLatch(1);
        try (Prefetcher ahead = ahead(8, 8, 3, (decoder, place) -> {
            if (place == 6) {
                laterFailed.countDown();
                throw new IllegalArgumentException("later");
            }
            if (place == 1) {
                await(laterFailed);
                throw new IllegalArgumentException("earlier");
            }
            return new byte[1];
        })) {
            fails(IllegalArgumentException.class, () -> ahead.take((rows, buffer) -> null), "earlier");
        }
    }

    @Test
    void evenAnErrorOfADecoderReachesTheConsumer() {
        try (Prefetcher ahead = ahead(2, 1, 1, (decoder, place) -> {
            throw new OutOfMemoryError("injected");
        })) {
            fails(IllegalStateException.class, () -> ahead.take((rows, buffer) -> null), "injected");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInterruptEndsTheWaitingWhetherItCameBeforeOrDuring(boolean before) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch decoding = new CountDownLatch(1);
        try (Prefetcher ahead = ahead(8, 4, 2, (decoder, place) -> {
            decoding.countDown();
            await(never);
            return new byte[1];
        })) {
            Thread consumer = Thread.currentThread();
            if (before) {
                consumer.interrupt();
            } else {
                new Thread(() -> {
                    await(decoding);
                    consumer.interrupt();
                }).start();
            }
            fails(CancellationException.class, () -> ahead.take((rows, buffer) -> null), "batch 1 of 2");
            assertFalse(Thread.currentThread().isInterrupted());
        }
    }

    @Test
    void closingInTheMiddleEndsTheThreadsAndAnotherPassStartsAfresh() {
        Dataset data = Datasets.imageStream(root, SIDE);
        try (DataLoader stream = data.train().on(manager, data.normalisation(), MemoryFormat.CHANNELS_LAST); NDManager step = manager.newSubManager()) {
            BatchIterator first = stream.pass(new int[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, Augmentation.NONE, 1, 0);
            float[] image = first.next(step).images().toFloatArray();
            assertThrows(IllegalStateException.class, () -> stream.pass(new int[] {1}, 1, Augmentation.NONE, 1, 0));
            first.close();
            noThreadIsLeft();
            assertThrows(IllegalStateException.class, () -> first.next(step));
            BatchIterator second = stream.pass(new int[] {1}, 1, Augmentation.NONE, 1, 0);
            assertArrayEquals(image, second.next(step).images().toFloatArray());
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        fails(IllegalArgumentException.class, () -> Datasets.imageStream(root, 0), "not 0");
        fails(IllegalArgumentException.class, () -> Datasets.imageStream(root, 5000), "not 5000");
        Dataset data = Datasets.imageStream(root, SIDE);
        fails(IllegalArgumentException.class, () -> data.train().select(new int[] {23}), "no image 23 among 23");
        try (DataLoader stream = data.train().on(manager, data.normalisation(), MemoryFormat.CHANNELS_LAST)) {
            fails(IllegalArgumentException.class, () -> stream.pass(new int[] {-1}, 1, Augmentation.NONE, 1, 0), "no image -1");
            fails(IllegalArgumentException.class, () -> stream.pass(new int[0], 1, Augmentation.NONE, 1, 0), "at least one image");
            fails(IllegalArgumentException.class, () -> stream.pass(new int[] {1}, 0, Augmentation.NONE, 1, 0), "not 0");
        }
        fails(IllegalArgumentException.class, () -> data.train().on(manager, Normalisation.FASHION_MNIST, MemoryFormat.CONTIGUOUS), "as many channels");
    }

    private static List<float[]> epoch(int threads, long seed, int batch, int number) {
        Dataset data = Datasets.imageStream(root, SIDE);
        List<float[]> batches = new ArrayList<>();
        int[] order = Randomness.permutation(23, Randomness.of(9, "test", 0));
        try (DataLoader stream = new ImageStream(manager, (ImageFiles) data.train(), data.normalisation(), MemoryFormat.CHANNELS_LAST, threads);
                BatchIterator pass = stream.pass(order, batch, Augmentation.CROP_AND_FLIP, seed, number)) {
            for (int i = 0; i < 23; i += batch) {
                try (NDManager step = manager.newSubManager()) {
                    batches.add(pass.next(step).images().toFloatArray());
                }
            }
        }
        return batches;
    }

    /** Images of one byte, in four batches ahead. */
    private static Prefetcher ahead(int images, int batch, int threads, Prefetcher.Decoding decoding) {
        Rows rows = Rows.of(java.util.stream.IntStream.range(0, images).toArray(), batch, images);
        return new Prefetcher(rows, decoding, Stream.generate(() -> ByteBuffer.allocate(batch)).limit(4).toList(), threads);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Images resident(Split split) {
        ByteBuffer pixels = ByteBuffer.allocate(split.size() * 3 * SIDE * SIDE);
        int[] labels = new int[split.size()];
        for (int i = 0; i < split.size(); i++) {
            pixels.put(split.image(i));
            labels[i] = split.label(i);
        }
        return Images.of(pixels.flip(), labels, SIDE, SIDE, 3, split.classes());
    }

    /** A PNG whose header announces any size, and that holds nothing. */
    private static byte[] hostile(int width, int height) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        byte[] header = ByteBuffer.allocate(17).put("IHDR".getBytes()).putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0}).array();
        CRC32 checksum = new CRC32();
        checksum.update(header);
        out.writeInt(13);
        out.write(header);
        out.writeInt((int) checksum.getValue());
        return bytes.toByteArray();
    }
}
