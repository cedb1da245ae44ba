package org.espalier.compute;

import java.nio.FloatBuffer;

/**
 * A convolution's 3 x 3 weights in {@link Winograd}'s domain: G g G' of each filter g, 16 numbers (a, b), as [16, out, in] in the order that
 * {@link #place} gives. Not for several threads at once.
 */
final class WinogradFilters {
    static final int NUMBERS = 16;
    private static final int SIDE = 3;

    private final int out;
    private final int in;
    private final int size;
    private final float[] weights;
    private final float[][] taps;
    private final float[][] half;
    private final float[] number;

    WinogradFilters(int out, int in) {
        this.out = out;
        this.in = in;
        size = out * in;
        weights = new float[SIDE * SIDE * size];
        taps = new float[SIDE * SIDE][size];
        half = new float[4 * SIDE][size];
        number = new float[size];
    }

    /** Those of b 0 and 1 lie before those of b 3 and 2: each half of {@link WinogradTiles}' tiles is multiplied by itself. */
    private static int place(int a, int b) {
        return (b < 2 ? 0 : WinogradTiles.PLANES) + 2 * a + (b == 1 || b == 2 ? 1 : 0);
    }

    /** @param turned by half a turn, as on the way back */
    void transform(FloatBuffer filters, boolean turned, FloatBuffer transformed) {
        filters.get(0, weights);
        for (int filter = 0; filter < out; filter++) {
            for (int tap = 0; tap < taps.length; tap++) {
                System.arraycopy(weights, (filter * taps.length + tap) * in, taps[turned ? taps.length - 1 - tap : tap], filter * in, in);
            }
        }
        for (int a = 0; a < 4; a++) {
            for (int column = 0; column < SIDE; column++) {
                transform(a, taps[column], taps[SIDE + column], taps[2 * SIDE + column], half[a * SIDE + column]);
            }
        }
        for (int a = 0; a < 4; a++) {
            for (int b = 0; b < 4; b++) {
                transform(b, half[a * SIDE], half[a * SIDE + 1], half[a * SIDE + 2], number);
                transformed.put(place(a, b) * size, number);
            }
        }
    }

    /** A row of G. */
    private static void transform(int a, float[] x, float[] y, float[] z, float[] result) {
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

    /** The filters' gradient, of that of what {@link #transform} made of them: G' u G. */
    void gradient(FloatBuffer ofTransformed, FloatBuffer ofFilters) {
        float[][] numbers = {number, taps[0], taps[1], taps[2]};
        for (int a = 0; a < 4; a++) {
            for (int b = 0; b < 4; b++) {
                ofTransformed.get(place(a, b) * size, numbers[b]);
            }
            for (int column = 0; column < SIDE; column++) {
                gradient(column, numbers[0], numbers[1], numbers[2], numbers[3], half[a * SIDE + column]);
            }
        }
        for (int line = 0; line < SIDE; line++) {
            for (int column = 0; column < SIDE; column++) {
                gradient(line, half[column], half[SIDE + column], half[2 * SIDE + column], half[3 * SIDE + column], taps[SIDE * line + column]);
            }
        }
        for (int filter = 0; filter < out; filter++) {
            for (int tap = 0; tap < taps.length; tap++) {
                System.arraycopy(taps[tap], filter * in, weights, (filter * taps.length + tap) * in, in);
            }
        }
        ofFilters.put(0, weights);
    }

    /** A column of G. */
    private static void gradient(int column, float[] x, float[] y, float[] z, float[] last, float[] result) {
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
