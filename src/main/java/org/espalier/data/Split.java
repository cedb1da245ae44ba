package org.espalier.data;

import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One split of a dataset: labelled images that a network sees in one size. {@link Images} hold their pixels; {@link ImageFiles} are decoded
 * again whenever they are wanted, for what fits into no memory; others may be added. A value: nothing changes it, and a selection costs a few bytes per image.
 */
public interface Split {

    int size();

    int label(int i);

    int height();

    int width();

    int channels();

    /** The names of the classes; a label is an index into them. */
    List<String> classes();

    /** The pixels of one image as a network is judged on it, row by row, channels last; a copy. */
    byte[] image(int i);

    /** These images in this order; one may come several times. */
    Split select(int[] rows);

    /**
     * Ready to be fed to a network on the parent's device, until it is closed, or the parent is. What isn't said otherwise is that all images are
     * copied to the device.
     */
    default DataLoader on(NDManager parent, Normalisation normalisation, MemoryFormat layout) {
        ByteBuffer pixels = ByteBuffer.allocateDirect(Math.multiplyExact(size(), height() * width() * channels()));
        int[] labels = new int[size()];
        for (int i = 0; i < labels.length; i++) {
            pixels.put(image(i));
            labels[i] = label(i);
        }
        return DeviceImages.on(parent, Images.of(pixels.flip(), labels, height(), width(), channels(), classes()), normalisation, layout);
    }

    /** How many images each class has. */
    default int[] countByClass() {
        int[] counts = new int[classes().size()];
        for (int i = 0; i < size(); i++) {
            counts[label(i)]++;
        }
        return counts;
    }

    /**
     * The first {@code perClass} images of every class, or all that a class has where those are fewer; the order stays.
     *
     * @throws IllegalArgumentException for fewer than one
     */
    default Split take(int perClass) {
        if (perClass < 1) {
            throw new IllegalArgumentException("take(n) takes the first n images of every class, at least 1, not " + perClass);
        }
        int[] seen = new int[classes().size()];
        return select(IntStream.range(0, size()).filter(i -> seen[label(i)]++ < perClass).toArray());
    }
}
