package org.espalier.engine.cpu;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Transforms images to {@link Winograd}'s domain and back, tile by tile. A tile is 2 x 2 pixels of a convolution's output, and the 4 x 4 pixels of
 * its input around them; in the domain it has 16 numbers (a, b) for each channel, a and b from 0 to 3. Number (a, b) lies in plane
 * 2 a + (1 if b is 1 or 2), in the second half of its tile's numbers if b is 2 or 3: [8 planes, tiles, 2, channels]. In this order a row of pixels
 * becomes a row of a plane, with number b where one of the tile's two pixels was; nothing is sorted.
 *
 * <p>All loops go over whole rows, one array for each, from the start of every one of them: with an offset in an array, the JVM's compiler
 * makes no vector instructions of them, and they take six times as long. Hence the copies to the side.
 *
 * <p>Heights and widths are even. Not for several threads at once.
 */
final class WinogradTiles {
    static final int PLANES = 8;
    private static final int SIDE = 4;

    private final int channels;
    private final int height;
    private final int width;
    /** Numbers in a row of pixels, which is a row of tiles in a plane too. */
    private final int row;
    /** In even columns of pixels 1, in odd ones 0. */
    private final float[] even;
    private final float[] odd;
    private final float[] pixels;
    /** For each pixel the one to its left; zeros where there is none. */
    private final float[] left;
    private final float[] right;
    private final float[] result;
    /** Of b 0 and 3: four rows of pixels or of numbers. */
    private final float[][] outer = new float[SIDE][];
    /** Of b 1 and 2. */
    private final float[][] inner = new float[SIDE][];

    WinogradTiles(int channels, int height, int width) {
        this.channels = channels;
        this.height = height;
        this.width = width;
        row = width * channels;
        even = new float[row];
        odd = new float[row];
        for (int i = 0; i < row; i++) {
            boolean isEven = i / channels % 2 == 0;
            even[i] = isEven ? 1 : 0;
            odd[i] = isEven ? 0 : 1;
        }
        pixels = new float[row];
        left = new float[row];
        right = new float[row];
        result = new float[row];
        Arrays.setAll(outer, i -> new float[row]);
        Arrays.setAll(inner, i -> new float[row]);
    }

    /** How many tiles an image has. */
    int perImage() {
        return height / 2 * (width / 2);
    }

    /** Transforms a convolution's input: B' d B of each tile's 4 x 4 pixels d, zeros around the image. */
    void ofInput(FloatBuffer values, int images, FloatBuffer planes) {
        int plane = images * height / 2 * row;
        for (int image = 0; image < images; image++) {
            int first = image * height * row;
            columnsOfInput(values, first, -1);
            columnsOfInput(values, first, 0);
            for (int top = 0; top < height; top += 2) {
                columnsOfInput(values, first, top + 1);
                columnsOfInput(values, first, top + 2);
                int at = (image * height + top) / 2 * row;
                rowsOfInput(outer, top, planes, at, 2 * plane);
                rowsOfInput(inner, top, planes, at + plane, 2 * plane);
            }
        }
    }

    /** Each row is needed by two rows of tiles: those that lie around them stay. */
    private static int slot(int y) {
        return Math.floorMod(y, SIDE);
    }

    private void columnsOfInput(FloatBuffer values, int first, int y) {
        float[] outerRow = outer[slot(y)];
        float[] innerRow = inner[slot(y)];
        if (y < 0 || y >= height) {
            Arrays.fill(outerRow, 0);
            Arrays.fill(innerRow, 0);
        } else {
            values.get(first + y * row, pixels);
            look(pixels);
            subtract(left, right, outerRow);
            pair(pixels, left, right, even, odd, innerRow);
        }
    }

    private void rowsOfInput(float[][] rows, int top, FloatBuffer planes, int at, int step) {
        float[] above = rows[slot(top - 1)];
        float[] upper = rows[slot(top)];
        float[] lower = rows[slot(top + 1)];
        float[] below = rows[slot(top + 2)];
        subtract(above, lower, result);
        planes.put(at, result);
        add(upper, lower, result);
        planes.put(at + step, result);
        subtract(upper, lower, result);
        planes.put(at + 2 * step, result);
        subtract(upper, below, result);
        planes.put(at + 3 * step, result);
    }

    /** Transforms back to a convolution's output: A' m A of each tile's 16 numbers m. */
    void toOutput(FloatBuffer planes, int images, FloatBuffer values) {
        int plane = images * height / 2 * row;
        for (int at = 0; at < plane; at += row) {
            for (int a = 0; a < SIDE; a++) {
                planes.get(at + 2 * a * plane, outer[a]);
                planes.get(at + (2 * a + 1) * plane, inner[a]);
            }
            threeSum(inner[0], inner[1], inner[2], pixels);
            look(pixels);
            threeSum(outer[0], outer[1], outer[2], result);
            addPair(pixels, left, right, even, odd, result);
            values.put(2 * at, result);
            alternate(inner[1], inner[2], inner[3], pixels);
            look(pixels);
            alternate(outer[1], outer[2], outer[3], result);
            addPair(pixels, left, right, even, odd, result);
            values.put(2 * at + row, result);
        }
    }

    /** Computes the gradient of {@link #toOutput}: A g A' of each tile's 2 x 2 numbers g, where g is the gradient of its output. */
    void ofGradient(FloatBuffer values, int images, FloatBuffer planes) {
        int plane = images * height / 2 * row;
        for (int at = 0; at < plane; at += row) {
            for (int i = 0; i < 2; i++) {
                values.get(2 * at + i * row, outer[i]);
                look(outer[i]);
                pair(outer[i], left, right, even, odd, inner[i]);
            }
            rowsOfGradient(outer[0], outer[1], planes, at, 2 * plane);
            rowsOfGradient(inner[0], inner[1], planes, at + plane, 2 * plane);
        }
    }

    private void rowsOfGradient(float[] upper, float[] lower, FloatBuffer planes, int at, int step) {
        planes.put(at, upper);
        add(upper, lower, result);
        planes.put(at + step, result);
        subtract(upper, lower, result);
        planes.put(at + 2 * step, result);
        planes.put(at + 3 * step, lower);
    }

    /** To either side of the pixels of a row. */
    private void look(float[] pixelsOfRow) {
        System.arraycopy(pixelsOfRow, 0, left, channels, row - channels);
        System.arraycopy(pixelsOfRow, channels, right, 0, row - channels);
    }

    /** Of two pixels side by side, the sum where the first of them is, and their difference where the second is. */
    private static void pair(float[] x, float[] left, float[] right, float[] even, float[] odd, float[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = even[i] * (x[i] + right[i]) + odd[i] * (left[i] - x[i]);
        }
    }

    private static void addPair(float[] x, float[] left, float[] right, float[] even, float[] odd, float[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] += even[i] * (x[i] + right[i]) + odd[i] * (left[i] - x[i]);
        }
    }

    private static void add(float[] x, float[] y, float[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] = x[i] + y[i];
        }
    }

    private static void subtract(float[] x, float[] y, float[] difference) {
        for (int i = 0; i < difference.length; i++) {
            difference[i] = x[i] - y[i];
        }
    }

    private static void threeSum(float[] x, float[] y, float[] z, float[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] = x[i] + y[i] + z[i];
        }
    }

    private static void alternate(float[] x, float[] y, float[] z, float[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] = x[i] - y[i] + z[i];
        }
    }
}
