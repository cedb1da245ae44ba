package org.espalier.compute;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Batch norm, addition and ReLU over memory: rows of so many channels, one row per pixel. Forward and backward take two passes each, where an
 * engine that knows each operation alone goes through memory for every one of them.
 *
 * <p>A tile of rows at a time is copied from the engine's memory into arrays that stay in the first-level cache, because the JVM's compiler
 * makes vector instructions of loops over arrays only. The loops are as plain as they are for its sake: two in one, and it was half as fast.
 *
 * <p>What the engine wrote last is in the second-level cache still: the pass that comes next goes from the end to the start, and the one
 * after it from the start to the end. Not for several threads at once.
 */
final class ChannelRows {
    private static final int TILE = 1024;

    private final int channels;
    private final float[] x;
    private final float[] y;
    private final float[] g;
    private final float[] more;
    private final float[] a;
    private final float[] b;
    private final float[] c;
    private final float[] first;
    private final float[] second;

    ChannelRows(int channels) {
        this.channels = channels;
        int tile = Math.max(1, TILE / channels) * channels;
        x = new float[tile];
        y = new float[tile];
        g = new float[tile];
        more = new float[tile];
        a = new float[tile];
        b = new float[tile];
        c = new float[tile];
        first = new float[tile];
        second = new float[tile];
    }

    /** Of each channel: the sum of the values' distances from its first value, and the sum of their squares. */
    Moments moments(FloatBuffer values, int size) {
        float[] origin = new float[channels];
        values.get(0, origin);
        repeat(origin, a);
        clearSums();
        for (int at = lastTile(size); at >= 0; at -= x.length) {
            int length = Math.min(x.length, size - at);
            values.get(at, x, 0, length);
            addMoments(x, a, first, second, length);
        }
        return new Moments(size / channels, origin, perChannel(first), perChannel(second));
    }

    /** Puts out max(0, scale x value + shift), with {@code added} inside the maximum where it isn't null. */
    void rectify(FloatBuffer values, FloatBuffer added, FloatBuffer out, int size, SharedNorm.Affine norm) {
        repeat(norm.scale(), a);
        repeat(norm.shift(), b);
        for (int at = 0; at < size; at += x.length) {
            int length = Math.min(x.length, size - at);
            values.get(at, x, 0, length);
            if (added == null) {
                rectify(x, a, b, y, length);
            } else {
                added.get(at, more, 0, length);
                rectify(x, a, b, more, y, length);
            }
            out.put(at, y, 0, length);
        }
    }

    /**
     * Makes the gradient of the ReLU's input of that of its output, in place: zero where nothing was put out. {@code also} is added before
     * where it isn't null.
     *
     * @return of each channel, the sum of that gradient, and the sum of its products with the value's distance from the mean
     */
    Moments mask(FloatBuffer gradient, FloatBuffer also, FloatBuffer out, FloatBuffer values, int size, float[] mean) {
        repeat(mean, c);
        clearSums();
        for (int at = lastTile(size); at >= 0; at -= x.length) {
            int length = Math.min(x.length, size - at);
            gradient.get(at, g, 0, length);
            if (also != null) {
                also.get(at, more, 0, length);
                add(more, g, length);
            }
            out.get(at, y, 0, length);
            mask(y, g, length);
            gradient.put(at, g, 0, length);
            values.get(at, x, 0, length);
            addProducts(g, x, c, first, second, length);
        }
        return new Moments(size / channels, mean, perChannel(first), perChannel(second));
    }

    /** Puts out the gradient of the norm's input, of that of its output. */
    void combine(FloatBuffer gradient, FloatBuffer values, FloatBuffer out, int size, SharedNorm.Backward norm) {
        repeat(norm);
        for (int at = 0; at < size; at += x.length) {
            int length = Math.min(x.length, size - at);
            gradient.get(at, g, 0, length);
            values.get(at, x, 0, length);
            combine(g, x, first, second, c, y, length);
            out.put(at, y, 0, length);
        }
    }

    private static void addMoments(float[] x, float[] origin, float[] sums, float[] squares, int length) {
        for (int i = 0; i < length; i++) {
            float distance = x[i] - origin[i];
            sums[i] += distance;
            squares[i] += distance * distance;
        }
    }

    /** What is below zero and its amount are zero together; Math.max takes three times the instructions, for the sake of zeros with a sign. */
    private static void rectify(float[] x, float[] scale, float[] shift, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            float value = x[i] * scale[i] + shift[i];
            y[i] = (value + Math.abs(value)) * .5f;
        }
    }

    private static void rectify(float[] x, float[] scale, float[] shift, float[] added, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            float value = x[i] * scale[i] + shift[i] + added[i];
            y[i] = (value + Math.abs(value)) * .5f;
        }
    }

    static void add(float[] from, float[] to, int length) {
        for (int i = 0; i < length; i++) {
            to[i] += from[i];
        }
    }

    /** A comparison would end the vector instructions: what is above zero, however little, becomes 1 when it is multiplied twice by the largest number. */
    private static void mask(float[] y, float[] g, int length) {
        for (int i = 0; i < length; i++) {
            g[i] *= Math.min(1f, y[i] * Float.MAX_VALUE * Float.MAX_VALUE);
        }
    }

    private static void addProducts(float[] g, float[] x, float[] mean, float[] sums, float[] products, int length) {
        for (int i = 0; i < length; i++) {
            float gradient = g[i];
            sums[i] += gradient;
            products[i] += gradient * (x[i] - mean[i]);
        }
    }

    private static void combine(float[] g, float[] x, float[] a, float[] b, float[] c, float[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] = g[i] * a[i] + x[i] * b[i] + c[i];
        }
    }

    private int lastTile(int size) {
        return (size - 1) / x.length * x.length;
    }

    private void repeat(SharedNorm.Backward norm) {
        repeat(norm.ofGradient(), first);
        repeat(norm.ofValue(), second);
        repeat(norm.constant(), c);
    }

    private void repeat(float[] perChannel, float[] tile) {
        for (int at = 0; at < tile.length; at += channels) {
            System.arraycopy(perChannel, 0, tile, at, channels);
        }
    }

    private void clearSums() {
        Arrays.fill(first, 0);
        Arrays.fill(second, 0);
    }

    private double[] perChannel(float[] tile) {
        double[] sums = new double[channels];
        for (int at = 0; at < tile.length; at += channels) {
            for (int channel = 0; channel < channels; channel++) {
                sums[channel] += tile[at + channel];
            }
        }
        return sums;
    }
}
