package org.espalier.data;

import ai.djl.ndarray.NDManager;

/** Once through the images of a {@link DataLoader}. Closing it, at the end or before, stops whatever works for it. */
public interface BatchIterator extends AutoCloseable {

    /**
     * The next batch; its images are owned by {@code step}, its labels by that or by the pass.
     *
     * @throws java.util.NoSuchElementException when all batches were handed out
     * @throws java.util.concurrent.CancellationException when the thread is interrupted while it waits for images
     * @throws IllegalArgumentException naming the file, when an image of the batch can't be decoded
     * @throws java.io.UncheckedIOException naming the file, when one can't be read
     */
    Batch next(NDManager step);

    @Override
    void close();
}
