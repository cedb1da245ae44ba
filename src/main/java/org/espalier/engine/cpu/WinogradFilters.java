package org.espalier.engine.cpu;

import java.nio.FloatBuffer;

/**
 * Transforms a convolution's 3 x 3 weights to {@link Winograd}'s domain, and their gradients back. Of each filter g there are the 16 numbers (a, b)
 * of G g G', as [16, out, in] in the order that {@link #place} gives. Not for several threads at once.
 */
final class WinogradFilters {
    static final int NUMBERS = 16;
    static final int SIDE = 3;
    private static final int LINES = 4;

    private final int out;
    private final int in;
    private final int size;
    private final float[] weights;
    private final float[] sum;
    /** Of all filters, the weights at one of the nine places. */
    private final float[][] taps;
    private final float[][] half;
    private final float[][] numbers;

    WinogradFilters(int out, int in) {
        this.out = out;
        this.in = in;
        size = out * in;
        weights = new float[SIDE * SIDE * size];
        sum = new float[SIDE * SIDE * size];
        taps = new float[SIDE * SIDE][size];
        half = new float[LINES * SIDE][size];
        numbers = new float[LINES][size];
    }

    /** Those of b 0 and 1 lie before those of b 3 and 2: each half of {@link WinogradTiles}' tiles is multiplied by itself. */
    private static int place(int a, int b) {
        return (b < 2 ? 0 : WinogradTiles.PLANES) + 2 * a + (b == 1 || b == 2 ? 1 : 0);
    }

    private float[] tap(int place, boolean turned) {
        return taps[turned ? taps.length - 1 - place : place];
    }

    /** How many numbers the filters have in this domain. */
    int numbers() {
        return NUMBERS * size;
    }

    /**
     * Computes G g G'.
     *
     * @param turned by half a turn, as dL/dx needs them
     */
    void transform(FloatBuffer filters, boolean turned, FloatBuffer transformed) {
        filters.get(0, weights);
        for (int filter = 0; filter < out; filter++) {
            for (int place = 0; place < taps.length; place++) {
                System.arraycopy(weights, (filter * taps.length + place) * in, tap(place, turned), filter * in, in);
            }
        }
        for (int a = 0; a < LINES; a++) {
            for (int column = 0; column < SIDE; column++) {
                row(a, taps[column], taps[SIDE + column], taps[2 * SIDE + column], half[a * SIDE + column]);
            }
        }
        for (int a = 0; a < LINES; a++) {
            for (int b = 0; b < LINES; b++) {
                row(b, half[a * SIDE], half[a * SIDE + 1], half[a * SIDE + 2], numbers[0]);
                transformed.put(place(a, b) * size, numbers[0]);
            }
        }
    }

    /** Of G, times three numbers. */
    private static void row(int a, float[] x, float[] y, float[] z, float[] result) {
        switch (a) {
            case 0 -> System.arraycopy(x, 0, result, 0, result.length);
            case 1 -> {
                for (int i = 0; i < result.length; i++) {
                    result[i] = .5f * (x[i] + z[i] + y[i]);
                }
            }
            case 2 -> {
                for (int i = 0; i < result.length; i++) {
                    result[i] = .5f * (y[i] - (x[i] + z[i]));
                }
            }
            default -> {
                for (int i = 0; i < result.length; i++) {
                    result[i] = -z[i];
                }
            }
        }
    }

    /**
     * Adds the gradient of filters turned by half a turn, G' u G.
     *
     * @param ofTransformed u, the gradient of what {@link #transform} made of them
     */
    void addTurnedGradient(FloatBuffer ofTransformed, GradientSum dw) {
        for (int a = 0; a < LINES; a++) {
            for (int b = 0; b < LINES; b++) {
                ofTransformed.get(place(a, b) * size, numbers[b]);
            }
            for (int column = 0; column < SIDE; column++) {
                column(column, numbers[0], numbers[1], numbers[2], numbers[3], half[a * SIDE + column]);
            }
        }
        for (int line = 0; line < SIDE; line++) {
            for (int column = 0; column < SIDE; column++) {
                column(line, half[column], half[SIDE + column], half[2 * SIDE + column], half[3 * SIDE + column], taps[SIDE * line + column]);
            }
        }
        for (int filter = 0; filter < out; filter++) {
            for (int place = 0; place < taps.length; place++) {
                System.arraycopy(tap(place, true), filter * in, weights, (filter * taps.length + place) * in, in);
            }
        }
        FloatBuffer gradient = dw.memory().values();
        if (!dw.begin()) {
            gradient.get(0, sum);
            BatchNormKernels.add(sum, weights, weights.length);
        }
        gradient.put(0, weights);
    }

    /** Of G, times four numbers. */
    private static void column(int column, float[] x, float[] y, float[] z, float[] last, float[] result) {
        switch (column) {
            case 0 -> {
                for (int i = 0; i < result.length; i++) {
                    result[i] = x[i] + .5f * (y[i] - z[i]);
                }
            }
            case 1 -> {
                for (int i = 0; i < result.length; i++) {
                    result[i] = .5f * (y[i] + z[i]);
                }
            }
            default -> {
                for (int i = 0; i < result.length; i++) {
                    result[i] = .5f * (y[i] - z[i]) - last[i];
                }
            }
        }
    }
}
