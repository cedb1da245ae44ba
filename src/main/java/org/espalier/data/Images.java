package org.espalier.data;

import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.apache.commons.math3.util.MathArrays;

/**
 * Labelled images of one size: 8-bit pixels, row by row, channels last, in the host's memory or a mapped file. A value: nothing changes it, and a
 * selection shares the pixels, so it costs a few bytes per image.
 */
public final class Images implements Split {
    private final ByteBuffer pixels;
    private final int[] places;
    private final int[] labels;
    private final int height;
    private final int width;
    private final int channels;
    private final List<String> classes;

    private Images(ByteBuffer pixels, int[] places, int[] labels, int height, int width, int channels, List<String> classes) {
        this.pixels = pixels;
        this.places = places;
        this.labels = labels;
        this.height = height;
        this.width = width;
        this.channels = channels;
        this.classes = classes;
    }

    /**
     * Image i lies at {@code i * height * width * channels} from the buffer's position. The pixels are not copied: whoever gives them away
     * doesn't write to them again.
     *
     * @throws IllegalArgumentException when the buffer's length isn't that of {@code labels.length} images, or a label names no class
     */
    public static Images of(ByteBuffer pixels, int[] labels, int height, int width, int channels, List<String> classes) {
        if (height < 1 || width < 1 || channels < 1) {
            throw new IllegalArgumentException("an image has at least one pixel and one channel, not " + height + " x " + width + " x " + channels);
        }
        long expected = (long) labels.length * height * width * channels;
        if (pixels.remaining() != expected) {
            throw new IllegalArgumentException(labels.length + " images of " + height + " x " + width + " x " + channels + " take " + expected
                    + " bytes, but there are " + pixels.remaining());
        }
        if (new HashSet<>(classes).size() != classes.size()) {
            throw new IllegalArgumentException("a class is named twice in " + classes);
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes.size()) {
                throw new IllegalArgumentException("image " + i + " has the label " + labels[i] + "; with " + classes.size()
                        + " classes labels are 0 to " + (classes.size() - 1));
            }
        }
        return new Images(pixels.slice().asReadOnlyBuffer(), MathArrays.natural(labels.length), labels.clone(), height, width, channels,
                List.copyOf(classes));
    }

    @Override
    public int size() {
        return places.length;
    }

    @Override
    public int label(int i) {
        return labels[places[i]];
    }

    @Override
    public int height() {
        return height;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public byte[] image(int i) {
        byte[] image = new byte[imageBytes()];
        pixels.get(places[i] * image.length, image);
        return image;
    }

    @Override
    public Images take(int perClass) {
        return (Images) Split.super.take(perClass);
    }

    @Override
    public DeviceImages on(NDManager parent, Normalisation normalisation, MemoryFormat layout) {
        return DeviceImages.on(parent, this, normalisation, layout);
    }

    @Override
    public Images select(int[] rows) {
        int[] selected = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] < 0 || rows[i] >= size()) {
                throw new IllegalArgumentException("no image " + rows[i] + " among " + size() + "; rows are 0 to " + (size() - 1));
            }
            selected[i] = places[rows[i]];
        }
        return view(selected);
    }

    /** All pixels of these images, one image after the other, in direct memory: shared where that is how they lie, else a copy. */
    ByteBuffer packed() {
        if (pixels.isDirect() && Arrays.equals(places, MathArrays.natural(pixels.capacity() / imageBytes()))) {
            return pixels.duplicate();
        }
        ByteBuffer packed = ByteBuffer.allocateDirect(Math.multiplyExact(size(), imageBytes()));
        for (int i = 0; i < size(); i++) {
            packed.put(pixels.slice(places[i] * imageBytes(), imageBytes()));
        }
        return packed.flip();
    }

    int imageBytes() {
        return height * width * channels;
    }

    private Images view(int[] newPlaces) {
        return new Images(pixels, newPlaces, labels, height, width, channels, classes);
    }

    /** By content: the same pixels and labels in the same order, and the same classes. */
    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Images that) || size() != that.size() || height != that.height || width != that.width || channels != that.channels
                || !classes.equals(that.classes)) {
            return false;
        }
        for (int i = 0; i < size(); i++) {
            if (label(i) != that.label(i) || !pixels.slice(places[i] * imageBytes(), imageBytes())
                    .equals(that.pixels.slice(that.places[i] * imageBytes(), imageBytes()))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 31 * (31 * (31 * height + width) + channels) + classes.hashCode();
        for (int place : places) {
            hash = 31 * hash + labels[place];
        }
        return hash;
    }

    @Override
    public String toString() {
        return size() + " images of " + height + " x " + width + " x " + channels + ", " + classes.size() + " classes";
    }
}
