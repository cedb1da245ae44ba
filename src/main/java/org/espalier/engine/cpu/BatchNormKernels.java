package org.espalier.engine.cpu;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Computes batch norm, addition and activation, forward and backward, over memory [pixels, channels]. Forward and backward take two passes each, where
 * an engine that knows each operation alone goes through memory for every one of them.
 *
 * <p>A tile of rows at a time is copied from native memory into arrays that stay in the first-level cache, because the JVM's compiler makes vector
 * instructions of loops over arrays only. It needs loops as plain as these: two of them in one were half as fast.
 *
 * <p>What was written last is in the second-level cache still: the pass that comes next goes from the end to the start, and the one after it from
 * the start to the end. Not for several threads at once.
 */
final class BatchNormKernels {
    private static final int TILE = 1024;
    private static final float SIX = 6;

    private final int channels;
    private final float[] x;
    private final float[] y;
    private final float[] g;
    private final float[] other;
    private final float[] a;
    private final float[] b;
    private final float[] c;
    private final float[] first;
    private final float[] second;

    BatchNormKernels(int channels) {
        this.channels = channels;
        int tile = Math.max(1, TILE / channels) * channels;
        x = new float[tile];
        y = new float[tile];
        g = new float[tile];
        other = new float[tile];
        a = new float[tile];
        b = new float[tile];
        c = new float[tile];
        first = new float[tile];
        second = new float[tile];
    }

    /** Sums, for each channel, x - origin and its square; the origin is the channel's first value. */
    ChannelSums sums(FloatBuffer values, int size) {
        float[] origin = new float[channels];
        values.get(0, origin);
        repeat(origin, a);
        clearSums();
        for (int at = lastTile(size); at >= 0; at -= x.length) {
            int length = Math.min(x.length, size - at);
            values.get(at, x, 0, length);
            addSquares(x, a, first, second, length);
        }
        return new ChannelSums(size / channels, origin, perChannel(first), perChannel(second));
    }

    /** Computes the activation of scale * x + shift + added of x = {@code values}; {@code added} may be null. */
    void forward(FloatBuffer values, FloatBuffer added, FloatBuffer out, int size, SyncBatchNorm.Affine norm, Activation activation) {
        repeat(norm.scale(), a);
        repeat(norm.shift(), b);
        for (int at = 0; at < size; at += x.length) {
            int length = Math.min(x.length, size - at);
            values.get(at, x, 0, length);
            if (added != null) {
                added.get(at, other, 0, length);
            }
            if (activation == Activation.NONE) {
                scale(x, a, b, y, length);
                if (added != null) {
                    add(other, y, length);
                }
            } else if (added == null) {
                rectify(x, a, b, y, length);
            } else {
                rectify(x, a, b, other, y, length);
            }
            if (activation == Activation.RELU6) {
                cap(y, length);
            }
            out.put(at, y, 0, length);
        }
    }

    /**
     * Computes dL/dx of the activation in the place of dL/dy: zero where its output is zero, or six that of a ReLU6.
     *
     * @param gradient dL/dy, but for {@code also}, which is added first where it isn't null
     * @param out      the activation's output
     * @param values   the norm's input x
     * @return for each channel, the sums of that gradient and of its products with x - mean
     */
    ChannelSums activationBackward(FloatBuffer gradient, FloatBuffer also, FloatBuffer out, FloatBuffer values, int size, float[] mean,
            Activation activation) {
        repeat(mean, c);
        clearSums();
        for (int at = lastTile(size); at >= 0; at -= x.length) {
            int length = Math.min(x.length, size - at);
            gradient.get(at, g, 0, length);
            if (also != null) {
                also.get(at, other, 0, length);
                add(other, g, length);
            }
            if (activation != Activation.NONE) {
                out.get(at, y, 0, length);
                mask(y, g, length);
            }
            if (activation == Activation.RELU6) {
                maskCapped(y, g, length);
            }
            if (activation != Activation.NONE || also != null) {
                gradient.put(at, g, 0, length);
            }
            values.get(at, x, 0, length);
            addProducts(g, x, c, first, second, length);
        }
        return new ChannelSums(size / channels, mean, perChannel(first), perChannel(second));
    }

    /** Computes dL/dx of the norm, with {@code gradient} = dL/dy and {@code values} = x. */
    void normBackward(FloatBuffer gradient, FloatBuffer values, FloatBuffer out, int size, SyncBatchNorm.Backward norm) {
        repeat(norm);
        for (int at = 0; at < size; at += x.length) {
            int length = Math.min(x.length, size - at);
            gradient.get(at, g, 0, length);
            values.get(at, x, 0, length);
            combine(g, x, first, second, c, y, length);
            out.put(at, y, 0, length);
        }
    }

    private static void addSquares(float[] x, float[] origin, float[] sums, float[] squares, int length) {
        for (int i = 0; i < length; i++) {
            float distance = x[i] - origin[i];
            sums[i] += distance;
            squares[i] += distance * distance;
        }
    }

    /** max(0, v) is (v + |v|) / 2; Math.max takes three times the instructions, for the sake of zeros with a sign. */
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

    private static void scale(float[] x, float[] scale, float[] shift, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] = x[i] * scale[i] + shift[i];
        }
    }

    private static void cap(float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] = Math.min(SIX, y[i]);
        }
    }

    private static void maskCapped(float[] y, float[] g, int length) {
        for (int i = 0; i < length; i++) {
            g[i] *= Math.min(1f, (SIX - y[i]) * Float.MAX_VALUE * Float.MAX_VALUE);
        }
    }

    static void add(float[] from, float[] to, int length) {
        for (int i = 0; i < length; i++) {
            to[i] += from[i];
        }
    }

    /** Without a comparison, which would end the vector instructions: any y above zero, times the largest number twice, is at least 1. */
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

    private void repeat(SyncBatchNorm.Backward norm) {
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
