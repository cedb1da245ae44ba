package org.espalier.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.random.Randomness;

/**
 * Images that lie on a device, and the only thing that makes batches of them. The pixels go there once, as bytes, with a border of
 * {@value Augmentation#PADDING} black pixels around every image. A batch is then one lookup of pixels by an index that the device computes from
 * three small numbers per image, so crop and flip cost nothing extra, and nothing is read back.
 */
public final class DeviceImages implements DataLoader {
    private static final int BORDER = Augmentation.PADDING;

    private final NDManager manager;
    private final Images images;
    private final int paddedHeight;
    private final int paddedWidth;
    private final PtNDArray pixels;
    private final NDArray lines;
    private final NDArray columns;
    private final Preprocessing preprocessing;

    private DeviceImages(NDManager parent, Images images, Normalisation normalisation, MemoryFormat layout) {
        if (images.size() == 0) {
            throw new IllegalArgumentException("no images to put on " + parent.getDevice());
        }
        if (normalisation.channels() != images.channels()) {
            throw new IllegalArgumentException(images + " need a normalisation of as many channels, not " + normalisation);
        }
        this.manager = parent.newSubManager();
        this.images = images;
        int height = images.height();
        int width = images.width();
        paddedHeight = height + 2 * BORDER;
        paddedWidth = width + 2 * BORDER;
        pixels = padded();
        columns = manager.arange(0, width, 1, DataType.INT64).reshape(1, 1, width);
        lines = manager.arange(0, height, 1, DataType.INT64).mul(paddedWidth).reshape(1, height, 1);
        preprocessing = Preprocessing.on(manager, normalisation, width, layout);
    }

    /** On the parent's device, channels last. It lives until it is closed, or the parent is. */
    public static DeviceImages on(NDManager parent, Images images, Normalisation normalisation) {
        return on(parent, images, normalisation, MemoryFormat.CHANNELS_LAST);
    }

    public static DeviceImages on(NDManager parent, Images images, Normalisation normalisation, MemoryFormat layout) {
        return new DeviceImages(parent, images, normalisation, layout);
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public int pixels() {
        return images.height() * images.width();
    }

    /** Crops and flips of a whole epoch come from one stream, in the order of the rows. */
    @Override
    public BatchIterator pass(int[] rows, int batch, Augmentation augmentation, long seed, int epoch) {
        return new Lookups(Rows.of(rows, batch, size()), augmentation, Randomness.of(seed, "augment", epoch));
    }

    private final class Lookups implements BatchIterator {
        private final Rows rows;
        private final NDManager whole = manager.newSubManager();
        private final NDList first;
        private final NDList direction;
        private final NDList labels;
        private int next;

        /** What the whole pass needs goes to the device at once: a step that sends something there waits for it. */
        Lookups(Rows rows, Augmentation augmentation, RandomGenerator random) {
            this.rows = rows;
            Starts starts = starts(rows.order(), augmentation, random);
            Shape perImage = new Shape(rows.order().length, 1, 1);
            first = parts(whole.create(starts.first(), perImage));
            direction = parts(whole.create(starts.direction(), perImage));
            labels = parts(DeviceImages.this.labels(whole, rows.order()));
        }

        private NDList parts(NDArray all) {
            long[] ends = IntStream.range(1, rows.batches()).mapToLong(batch -> (long) batch * rows.batch()).toArray();
            return ends.length == 0 ? new NDList(all) : all.split(ends);
        }

        @Override
        public Batch next(NDManager step) {
            int wanted = rows.sizeOf(next);
            Batch batch = new Batch(looked(step, first.get(next), direction.get(next)), labels.get(next), wanted);
            next++;
            return batch;
        }

        @Override
        public void close() {
            whole.close();
        }
    }

    /** Where each image's first pixel is, and whether the next is to its right or to its left. */
    private record Starts(long[] first, long[] direction) {
    }

    private Starts starts(int[] rows, Augmentation augmentation, RandomGenerator random) {
        int width = images.width();
        long[] first = new long[rows.length];
        long[] direction = new long[rows.length];
        Rows.require(rows, size());
        for (int i = 0; i < rows.length; i++) {
            int top = augmentation.offset(random);
            int left = augmentation.offset(random);
            boolean mirrored = augmentation.mirrored(random);
            first[i] = ((long) rows[i] * paddedHeight + top) * paddedWidth + left + (mirrored ? width - 1 : 0);
            direction[i] = mirrored ? -1 : 1;
        }
        return new Starts(first, direction);
    }

    private NDArray looked(NDManager step, NDArray first, NDArray direction) {
        try (NDManager scratch = step.newSubManager()) {
            NDArray index = direction.mul(columns);
            index.attach(scratch);
            // The embedding lookup is a plain copy of whole pixels, four times as fast as indexing.
            NDArray pixel = index.add(first).add(lines);
            NDArray laidOut = preprocessing.of(JniUtils.embedding((PtNDArray) pixel, pixels, false));
            laidOut.attach(step);
            return laidOut;
        }
    }

    /** These images as they are: {@link #images(NDManager, int[], Augmentation, RandomGenerator)} with {@link Augmentation#NONE}. */
    public NDArray images(NDManager step, int[] rows) {
        return images(step, rows, Augmentation.NONE, null);
    }

    /**
     * A normalised batch: float32, logical shape [rows.length, channels, height, width], owned by {@code step}. Only {@code random} is drawn
     * from, for every image in the order of the rows; {@link Augmentation#NONE} draws nothing, and {@code random} may be null.
     *
     * @throws IllegalArgumentException for no rows, or a row outside of 0 to size() - 1
     */
    public NDArray images(NDManager step, int[] rows, Augmentation augmentation, RandomGenerator random) {
        Starts starts = starts(rows, augmentation, random);
        Shape perImage = new Shape(rows.length, 1, 1);
        try (NDManager scratch = step.newSubManager()) {
            return looked(step, scratch.create(starts.first(), perImage), scratch.create(starts.direction(), perImage));
        }
    }

    /** The labels of these images: int64, shape [rows.length], owned by {@code step}. */
    public NDArray labels(NDManager step, int[] rows) {
        Rows.require(rows, size());
        long[] labels = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            labels[i] = images.label(rows[i]);
        }
        return step.create(labels);
    }

    private PtNDArray padded() {
        Shape shape = new Shape(images.size(), images.height(), images.width(), images.channels());
        try (NDArray plain = manager.create(images.packed(), shape, DataType.UINT8);
                NDArray padded = JniUtils.pad((PtNDArray) plain, new long[] {0, 0, BORDER, BORDER, BORDER, BORDER}, 0)) {
            return (PtNDArray) padded.reshape(-1, images.channels());
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
