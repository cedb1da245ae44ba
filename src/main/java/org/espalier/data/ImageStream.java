package org.espalier.data;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.data.files.ImageDecoder;
import org.espalier.data.files.ResizedCrop;
import org.espalier.random.Randomness;

/**
 * Image files, decoded and augmented on all cores while the device works. In memory are the batches ahead of it, {@value #AHEAD} at most, and
 * the image that each thread is at. They go to the device as bytes; the normalisation is done there. Every image of an epoch has a random
 * stream of its own, so that neither the number of threads nor their order shows.
 */
public final class ImageStream implements DataLoader {
    private static final int AHEAD = 4;

    private final NDManager manager;
    private final ImageFiles files;
    private final Preprocessing preprocessing;
    private final int threads;
    private List<ByteBuffer> ring = List.of();
    private Decoded open;

    ImageStream(NDManager parent, ImageFiles files, Normalisation normalisation, MemoryFormat layout, int threads) {
        if (files.size() == 0) {
            throw new IllegalArgumentException("no images to stream to " + parent.getDevice());
        }
        if (normalisation.channels() != files.channels()) {
            throw new IllegalArgumentException(files + " need a normalisation of as many channels, not " + normalisation);
        }
        manager = parent.newSubManager();
        preprocessing = Preprocessing.on(manager, normalisation, files.width(), layout);
        this.files = files;
        this.threads = threads;
    }

    @Override
    public int size() {
        return files.size();
    }

    @Override
    public int pixels() {
        return files.height() * files.width();
    }

    /** @throws IllegalStateException while another pass is open, which would share its buffers */
    @Override
    public BatchIterator pass(int[] rows, int batch, Augmentation augmentation, long seed, int epoch) {
        if (open != null) {
            throw new IllegalStateException("a pass through " + files + " is open; close it first");
        }
        open = new Decoded(Rows.of(rows, batch, size()), augmentation, seed, epoch);
        return open;
    }

    /** Kept from pass to pass: memory outside of Java's heap is given back late. */
    private List<ByteBuffer> ring(int batch) {
        long bytes = (long) batch * imageBytes();
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a batch of " + batch + " images of " + files.height() + " x " + files.width() + " takes " + bytes
                    + " bytes; at most 2^31 - 1 are streamed at once: take a smaller batch");
        }
        if (ring.isEmpty() || ring.get(0).capacity() != bytes) {
            ring = Stream.generate(() -> ByteBuffer.allocateDirect((int) bytes)).limit(AHEAD).toList();
        }
        return ring;
    }

    private int imageBytes() {
        return files.channels() * pixels();
    }

    private byte[] decode(ImageDecoder decoder, int row, Augmentation augmentation, long seed, int epoch) {
        return files.decode(decoder, row, size -> switch (augmentation) {
            case NONE -> ResizedCrop.centre(size, files.side());
            case CROP_AND_FLIP -> ResizedCrop.random(size, files.side(), Randomness.of(seed, "frame", (long) epoch << 32 | row));
        });
    }

    final class Decoded implements BatchIterator {
        private final Prefetcher ahead;

        private Decoded(Rows rows, Augmentation augmentation, long seed, int epoch) {
            ahead = new Prefetcher(rows, (decoder, place) -> decode(decoder, rows.order()[place], augmentation, seed, epoch),
                    ring(rows.batch()), threads);
        }

        @Override
        public Batch next(NDManager step) {
            return ahead.take((wanted, buffer) -> {
                Shape shape = new Shape(wanted.length, files.height(), files.width(), files.channels());
                long[] labels = Arrays.stream(wanted).mapToLong(files::label).toArray();
                // On the CPU the array of bytes is the buffer itself, and is let go of before the buffer is used again.
                try (NDManager scratch = step.newSubManager()) {
                    var images = preprocessing.of(scratch.create(buffer.slice(0, wanted.length * imageBytes()), shape, DataType.UINT8));
                    images.attach(step);
                    return new Batch(images, step.create(labels), wanted.length);
                }
            });
        }

        /** How long the device's side has waited for batches. */
        long waitedNanos() {
            return ahead.waitedNanos();
        }

        @Override
        public void close() {
            ahead.close();
            open = null;
        }
    }

    @Override
    public void close() {
        if (open != null) {
            open.close();
        }
        manager.close();
    }
}
