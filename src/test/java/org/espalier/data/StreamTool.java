package org.espalier.data;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.espalier.data.files.FolderDecoding;
import org.espalier.data.files.FolderListing;
import org.espalier.data.files.ImageDecoder;
import org.espalier.data.files.ResizedCrop;
import org.espalier.random.Randomness;

/**
 * Measures a stream of images of ImageNet's size, which it makes: {@code StreamTool FOLDER IMAGES}. Processor time an image; images a second by threads; how long a
 * consumer slower than the decoders waits; and the process's resident memory over several epochs.
 */
final class StreamTool {
    private static final int SIDE = 224;
    private static final int BATCH = 64;
    private static final int DIFFERENT = 100;

    private StreamTool() {
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int images = Integer.parseInt(arguments[1]);
        if (!Files.exists(folder)) {
            make(folder, images);
        }
        Dataset data = Datasets.imageStream(folder, SIDE);
        long bytes = 0;
        for (FolderListing.Image file : ((ImageFiles) data.train()).files()) {
            bytes += file.bytes();
        }
        say("%s; a file has %,d bytes", data, bytes / data.train().size());
        for (int round = 0; round < 4; round++) {
            decoding((ImageFiles) data.train());
        }
        try (NDManager manager = NDManager.newBaseManager()) {
            Dataset some = data.take(300);
            for (int round = 0; round < 3; round++) {
                for (int threads : new int[] {1, 2}) {
                    for (Augmentation augmentation : Augmentation.values()) {
                        pass(manager, some, threads, augmentation, 0, 0);
                    }
                }
            }
            for (int millis : new int[] {600, 1200, 2400}) {
                pass(manager, some, 2, Augmentation.CROP_AND_FLIP, millis, 0);
            }
            for (int epoch = 0; epoch < 3; epoch++) {
                pass(manager, data, 2, Augmentation.CROP_AND_FLIP, 0, epoch);
            }
        }
    }

    /** In processor time of the thread, which a busy neighbour changes less than the clock's. */
    private static void decoding(ImageFiles files) {
        try (ImageDecoder decoder = new ImageDecoder()) {
            say("processor time an image: decoding alone %.2f ms, middle %.2f ms, random part %.2f ms", millis(i -> {
                Path file = files.files().get(i).path();
                byte[] encoded = FolderDecoding.bytes(file);
                decoder.decode(file, encoded, decoder.sizeOf(file, encoded));
            }), millis(i -> files.decode(decoder, i, size -> ResizedCrop.centre(size, SIDE))),
                    millis(i -> files.decode(decoder, i, size -> ResizedCrop.random(size, SIDE, Randomness.of(1, "frame", i)))));
        }
    }

    private static double millis(IntConsumer work) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long began = threads.getCurrentThreadCpuTime();
        IntStream.range(0, DIFFERENT).forEach(work);
        return (threads.getCurrentThreadCpuTime() - began) / 1e6 / DIFFERENT;
    }

    private static void pass(NDManager manager, Dataset data, int threads, Augmentation augmentation, int sleep, int epoch) throws Exception {
        int size = data.train().size();
        int[] order = Randomness.permutation(size, Randomness.of(1, "shuffle", epoch));
        try (ImageStream stream = new ImageStream(manager, (ImageFiles) data.train(), data.normalisation(), MemoryFormat.CHANNELS_LAST, threads);
                ImageStream.Decoded pass = (ImageStream.Decoded) stream.pass(order, BATCH, augmentation, 1, epoch)) {
            long began = System.nanoTime();
            long first = 0;
            for (int done = 0; done < size; done += BATCH) {
                try (NDManager step = manager.newSubManager()) {
                    pass.next(step);
                }
                first = done == 0 ? pass.waitedNanos() : first;
                Thread.sleep(sleep);
                if (done > 0 && done % (16 * BATCH) == 0) {
                    say("  after %,d images of epoch %d: resident memory %s", done, epoch, resident());
                }
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            say("%d threads, %s, %d ms of work a batch: %.0f images/s; waited %.3f s for the first batch, %.3f s of %.2f s after it", threads, augmentation,
                    sleep, size / seconds, first / 1e9, (pass.waitedNanos() - first) / 1e9, seconds);
        }
    }

    /** A hundred pictures under many names. */
    private static void make(Path folder, int images) throws IOException {
        Photos.folder(folder, DIFFERENT, 4, 500, 375);
        for (int i = DIFFERENT; i < images; i++) {
            Path original = folder.resolve("train/class" + i % 2).resolve("%06d.JPEG".formatted(i % DIFFERENT));
            Files.createLink(original.resolveSibling("%06d.JPEG".formatted(i)), original);
        }
    }

    private static String resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS")).findFirst().orElse("unknown")
                .replaceAll("\\s+", " ");
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
