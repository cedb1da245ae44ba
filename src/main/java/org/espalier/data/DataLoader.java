package org.espalier.data;

/** A split of a dataset, ready to be fed to a network on a device: resident there, or decoded ahead of it. */
public interface DataLoader extends AutoCloseable {

    int size();

    /** Of one image. */
    int pixels();

    /**
     * The images of these rows in this order, in batches of which the last may be smaller. What is drawn depends on the seed and the epoch, and
     * on nothing else. Only one pass at a time is open.
     *
     * @throws IllegalArgumentException for no rows, a row outside of 0 to size() - 1, or a batch of none
     */
    BatchIterator pass(int[] rows, int batch, Augmentation augmentation, long seed, int epoch);

    @Override
    void close();
}
