package org.espalier.data;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import org.espalier.data.files.ImageDecoder;

/**
 * Threads that decode the images of a pass into a ring of buffers, each buffer a batch, while their consumer works on the batches before. An
 * image's place is fixed before a thread takes it, so which thread is faster shows nowhere: not in the batches, and not in which of two
 * wrong files is named. The threads end when all is decoded, and with {@link #close}.
 */
final class Prefetcher implements AutoCloseable {

    /** Gives the pixels of the image at this place of the pass. Several threads ask, each with a decoder of its own. */
    @FunctionalInterface
    interface Decoding {
        byte[] pixels(ImageDecoder decoder, int place);
    }

    private final Rows rows;
    private final Decoding decoding;
    private final List<ByteBuffer> ring;
    private final int[] decoded;
    private final List<Thread> threads = new ArrayList<>();
    private int claimed;
    private int taken;
    private boolean closed;
    private int failedPlace = Integer.MAX_VALUE;
    private Throwable failure;
    private long waited;

    /** The ring is used by nobody else until this is closed. */
    Prefetcher(Rows rows, Decoding decoding, List<ByteBuffer> ring, int threadCount) {
        this.rows = rows;
        this.decoding = decoding;
        this.ring = ring;
        decoded = new int[ring.size()];
        for (int i = 1; i <= threadCount; i++) {
            Thread thread = new Thread(this::work, "espalier-decoder-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
        try {
            threads.forEach(Thread::start);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Waits for the next batch and hands its rows and its pixels to the consumer, the buffer to be used until that returns. After a failure
     * there is no next batch.
     *
     * @throws CancellationException when the thread is interrupted, before or while it waits
     */
    <T> T take(BiFunction<int[], ByteBuffer, T> consumer) {
        int[] wanted = rows.ofBatch(taken);
        T result = consumer.apply(wanted, await(wanted.length));
        release();
        return result;
    }

    /** How long the consumer has waited in all. */
    synchronized long waitedNanos() {
        return waited;
    }

    private synchronized ByteBuffer await(int images) {
        long began = System.nanoTime();
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            while (!closed && decoded[taken % ring.size()] < images) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new CancellationException("interrupted while waiting for batch " + (taken + 1) + " of " + rows.batches());
        } finally {
            waited += System.nanoTime() - began;
        }
        if (closed) {
            throw new IllegalStateException("this pass is closed");
        }
        if (failedPlace / rows.batch() == taken) {
            if (failure instanceof RuntimeException wrongFile) {
                throw wrongFile;
            }
            throw new IllegalStateException("decoding failed (" + failure + ")", failure);
        }
        return ring.get(taken % ring.size());
    }

    private synchronized void release() {
        decoded[taken % ring.size()] = 0;
        taken++;
        notifyAll();
    }

    private void work() {
        int imageBytes = ring.get(0).capacity() / rows.batch();
        try (ImageDecoder decoder = new ImageDecoder()) {
            for (int place = claim(); place >= 0; place = claim()) {
                try {
                    ring.get(place / rows.batch() % ring.size()).put(place % rows.batch() * imageBytes, decoding.pixels(decoder, place));
                } catch (Throwable e) {
                    fail(place, e);
                } finally {
                    done(place);
                }
            }
        }
    }

    /** The next place that has room in the ring, or -1 when there is nothing left to do. */
    private synchronized int claim() {
        try {
            while (!closed && claimed < rows.order().length && claimed / rows.batch() >= taken + ring.size()) {
                wait();
            }
        } catch (InterruptedException e) {
            return -1;
        }
        return closed || claimed == rows.order().length ? -1 : claimed++;
    }

    private synchronized void done(int place) {
        int batch = place / rows.batch();
        if (++decoded[batch % ring.size()] == rows.sizeOf(batch)) {
            notifyAll();
        }
    }

    private synchronized void fail(int place, Throwable e) {
        if (place < failedPlace) {
            failedPlace = place;
            failure = e;
        }
    }

    /** Returns when the threads have ended; an image that is being decoded is finished first. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        threads.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
