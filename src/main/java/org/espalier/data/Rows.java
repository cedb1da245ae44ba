package org.espalier.data;

import java.util.Arrays;
import java.util.NoSuchElementException;

/** The rows of a pass, cut into batches. */
record Rows(int[] order, int batch) {

    /** Checked here, because a device answers a wrong index late, or not at all. */
    static void require(int[] rows, int size) {
        if (rows.length == 0) {
            throw new IllegalArgumentException("a batch has at least one image");
        }
        for (int row : rows) {
            if (row < 0 || row >= size) {
                throw new IllegalArgumentException("no image " + row + " among " + size + "; rows are 0 to " + (size - 1));
            }
        }
    }

    static Rows of(int[] order, int batch, int size) {
        require(order, size);
        if (batch < 1) {
            throw new IllegalArgumentException("a batch has at least one image, not " + batch);
        }
        return new Rows(order.clone(), Math.min(batch, order.length));
    }

    int batches() {
        return (order.length + batch - 1) / batch;
    }

    /** How many rows this batch has. @throws NoSuchElementException when there is no such batch */
    int sizeOf(int number) {
        if (number >= batches()) {
            throw new NoSuchElementException("all " + batches() + " batches of this pass were handed out");
        }
        return Math.min(batch, order.length - number * batch);
    }

    int[] ofBatch(int number) {
        return Arrays.copyOfRange(order, number * batch, number * batch + sizeOf(number));
    }
}
