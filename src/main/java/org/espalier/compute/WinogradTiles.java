package org.espalier.compute;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The tiles of images in {@link Winograd}'s domain: 2 x 2 pixels of a convolution's output, which the 4 x 4 pixels of its input around them
 * give, are 16 numbers there for each channel. With a and b from 0 to 3, number (a, b) lies in plane 2 a + (1 if b is 1 or 2), in the second
 * half of its tile's numbers if b is 2 or 3: [8 planes, tiles, 2, channels]. In this order rows of pixels become rows of a plane by long
 * loops over arrays, which the JVM's compiler makes vector instructions of; nothing is sorted.
 *
 * <p>Heights and widths are even. Not for several threads at once.
 */
final class WinogradTiles {
    static final int PLANES = 8;
    private static final int CHUNK = 1024;

    private final int channels;
    private final int height;
    private final int width;
    /** Numbers in a row of pixels, which is a row of tiles in a plane too. */
    private final int row;
    /** A row between two pixels of zeros. */
    private final int guarded;
    private final int rowsOfTiles;
    /** 1 for the pixels in even columns of an array that begins with a guard, 0 for the others. */
    private final float[] even;
    private final float[] odd;
    private final float[] upper;
    private final float[] lower;
    private final float[][] sums = new float[4][];
    private final float[] first;
    private final float[] second;

    WinogradTiles(int channels, int height, int width) {
        this.channels = channels;
        this.height = height;
        this.width = width;
        row = width * channels;
        guarded = row + 2 * channels;
        rowsOfTiles = Math.min(height / 2, Math.max(1, CHUNK / row));
        int size = (rowsOfTiles + 1) * guarded;
        even = new float[size];
        odd = new float[size];
        for (int i = 0; i < size; i++) {
            boolean isEven = i / channels % 2 == 1;
            even[i] = isEven ? 1 : 0;
            odd[i] = isEven ? 0 : 1;
        }
        upper = new float[size];
        lower = new float[size];
        Arrays.setAll(sums, i -> new float[size]);
        first = new float[size];
        second = new float[size];
    }

    /** How many tiles an image has. */
    int perImage() {
        return height / 2 * (width / 2);
    }

    private int numbersPerImage() {
        return height * row;
    }

    /**
     * What goes into a convolution: B' d B of each tile's 4 x 4 pixels d, zeros around the image.
     *
     * @param from image of {@code values}, from which on {@code images} are put at the beginning of the planes
     */
    void ofInput(FloatBuffer values, int from, int images, FloatBuffer planes) {
        int plane = images * perImage() * 2 * channels;
        Arrays.fill(upper, 0);
        Arrays.fill(lower, 0);
        for (int image = 0; image < images; image++) {
            for (int top = 0; top < height / 2; top += rowsOfTiles) {
                int rows = Math.min(rowsOfTiles, height / 2 - top);
                for (int i = 0; i <= rows; i++) {
                    pixels(values, from + image, 2 * (top + i), upper, i * guarded + channels);
                    pixels(values, from + image, 2 * (top + i) - 1, lower, i * guarded + channels);
                }
                int length = rows * guarded;
                int at = image * perImage() * 2 * channels + top * row;
                subtract(lower, 0, lower, guarded, first, length);
                columnsOfInput(planes, at, rows);
                add(upper, lower, guarded, first, length);
                columnsOfInput(planes, at + 2 * plane, rows);
                subtract(upper, 0, lower, guarded, first, length);
                columnsOfInput(planes, at + 4 * plane, rows);
                subtract(upper, 0, upper, guarded, first, length);
                columnsOfInput(planes, at + 6 * plane, rows);
            }
        }
    }

    private void pixels(FloatBuffer values, int image, int y, float[] to, int at) {
        if (y < 0 || y >= height) {
            Arrays.fill(to, at, at + row, 0);
        } else {
            values.get(image * numbersPerImage() + y * row, to, at, row);
        }
    }

    private void columnsOfInput(FloatBuffer planes, int at, int rows) {
        int plane = planes.capacity() / PLANES;
        int length = rows * guarded - 2 * channels;
        subtract(first, 0, first, 2 * channels, second, length);
        for (int i = 0; i < rows; i++) {
            planes.put(at + i * row, second, i * guarded, row);
        }
        pairs(first, channels, second, channels, length);
        for (int i = 0; i < rows; i++) {
            planes.put(at + plane + i * row, second, i * guarded + channels, row);
        }
    }

    /** What comes out of a convolution: A' m A of each tile's 16 numbers m, put at image {@code from} and those after it. */
    void toOutput(FloatBuffer planes, FloatBuffer values, int from, int images) {
        int plane = images * perImage() * 2 * channels;
        for (int image = 0; image < images; image++) {
            for (int top = 0; top < height / 2; top += rowsOfTiles) {
                int rows = Math.min(rowsOfTiles, height / 2 - top);
                int length = rows * row;
                int at = image * perImage() * 2 * channels + top * row;
                get(planes, at, 2 * plane, length);
                threeSum(sums[0], sums[1], sums[2], upper, channels, length);
                alternate(sums[1], sums[2], sums[3], lower, channels, length);
                get(planes, at + plane, 2 * plane, length);
                threeSum(sums[0], sums[1], sums[2], first, channels, length);
                guard(first, length);
                pairs(first, channels, second, channels, length);
                addTo(upper, second, channels, length);
                alternate(sums[1], sums[2], sums[3], first, channels, length);
                pairs(first, channels, second, channels, length);
                addTo(lower, second, channels, length);
                int pixel = (from + image) * numbersPerImage() + 2 * top * row;
                for (int i = 0; i < rows; i++) {
                    values.put(pixel + 2 * i * row, upper, channels + i * row, row);
                    values.put(pixel + (2 * i + 1) * row, lower, channels + i * row, row);
                }
            }
        }
    }

    private void get(FloatBuffer planes, int at, int step, int length) {
        for (int i = 0; i < sums.length; i++) {
            planes.get(at + i * step, sums[i], 0, length);
        }
    }

    /** The gradient of what {@link #toOutput} took, of that of what it gave: A g A' of each tile's 2 x 2 numbers g. */
    void ofGradient(FloatBuffer values, int from, int images, FloatBuffer planes) {
        int plane = images * perImage() * 2 * channels;
        for (int image = 0; image < images; image++) {
            for (int top = 0; top < height / 2; top += rowsOfTiles) {
                int rows = Math.min(rowsOfTiles, height / 2 - top);
                int length = rows * row;
                int pixel = (from + image) * numbersPerImage() + 2 * top * row;
                for (int i = 0; i < rows; i++) {
                    values.get(pixel + 2 * i * row, upper, channels + i * row, row);
                    values.get(pixel + (2 * i + 1) * row, lower, channels + i * row, row);
                }
                int at = image * perImage() * 2 * channels + top * row;
                rowsOfGradient(upper, lower, planes, at, 2 * plane, length);
                guard(upper, length);
                guard(lower, length);
                pairs(upper, channels, first, channels, length);
                pairs(lower, channels, second, channels, length);
                rowsOfGradient(first, second, planes, at + plane, 2 * plane, length);
            }
        }
    }

    private void rowsOfGradient(float[] above, float[] below, FloatBuffer planes, int at, int step, int length) {
        planes.put(at, above, channels, length);
        add(above, channels, below, channels, sums[0], length);
        planes.put(at + step, sums[0], 0, length);
        subtract(above, channels, below, channels, sums[0], length);
        planes.put(at + 2 * step, sums[0], 0, length);
        planes.put(at + 3 * step, below, channels, length);
    }

    /** Rows of pixels from there on, and nothing beside them that would spoil a product with zero. */
    private void guard(float[] rows, int length) {
        Arrays.fill(rows, 0, channels, 0);
        Arrays.fill(rows, channels + length, channels + length + channels, 0);
    }

    /** Of two pixels side by side, the sum where the first of them is, and their difference where the second is. */
    private void pairs(float[] x, int from, float[] y, int to, int length) {
        int side = channels;
        for (int i = 0; i < length; i++) {
            y[i + to] = even[i + from] * (x[i + from] + x[i + from + side]) + odd[i + from] * (x[i + from - side] - x[i + from]);
        }
    }

    private static void add(float[] x, float[] y, int ofY, float[] sum, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] = x[i] + y[i + ofY];
        }
    }

    private static void add(float[] x, int ofX, float[] y, int ofY, float[] sum, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] = x[i + ofX] + y[i + ofY];
        }
    }

    private static void subtract(float[] x, int ofX, float[] y, int ofY, float[] difference, int length) {
        for (int i = 0; i < length; i++) {
            difference[i] = x[i + ofX] - y[i + ofY];
        }
    }

    private static void addTo(float[] sum, float[] y, int of, int length) {
        for (int i = of; i < of + length; i++) {
            sum[i] += y[i];
        }
    }

    private static void threeSum(float[] x, float[] y, float[] z, float[] sum, int to, int length) {
        for (int i = 0; i < length; i++) {
            sum[i + to] = x[i] + y[i] + z[i];
        }
    }

    private static void alternate(float[] x, float[] y, float[] z, float[] sum, int to, int length) {
        for (int i = 0; i < length; i++) {
            sum[i + to] = x[i] - y[i] + z[i];
        }
    }
}
