package org.espalier.data.files;

import java.util.Arrays;
import org.espalier.data.files.Axis.Taps;

/**
 * Scales a part of an image to a square of red, green and blue bytes, along the lines first and then across them, with whole numbers and a byte in
 * between: the same bits on every machine.
 */
final class Resampling {
    private static final int HALF = Axis.ONE / 2;

    private final ResizedCrop crop;
    private final Taps[] rows;
    private final Taps[] columns;

    Resampling(ResizedCrop crop) {
        this.crop = crop;
        rows = crop.rows().taps();
        columns = crop.columns().taps();
    }

    int top() {
        return rows[0].first();
    }

    int left() {
        return columns[0].first();
    }

    int height() {
        return rows[rows.length - 1].end() - top();
    }

    int width() {
        return columns[columns.length - 1].end() - left();
    }

    /** From the rectangle of source pixels that {@link #top} to {@link #width} describe. */
    byte[] apply(Samples source) {
        int line = 3 * columns.length;
        byte[] between = new byte[height() * line];
        for (int y = 0; y < height(); y++) {
            along(source, y * source.line(), between, y * line);
        }
        return across(between, line);
    }

    private void along(Samples source, int from, byte[] between, int to) {
        byte[] bytes = source.bytes();
        int left = left();
        for (int x = 0; x < columns.length; x++) {
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            int pixel = from + (columns[x].first() - left) * source.pixel();
            for (int weight : columns[x].weights()) {
                red += weight * (bytes[pixel + source.red()] & 0xff);
                green += weight * (bytes[pixel + source.green()] & 0xff);
                blue += weight * (bytes[pixel + source.blue()] & 0xff);
                pixel += source.pixel();
            }
            int at = to + 3 * (crop.mirrored() ? columns.length - 1 - x : x);
            between[at] = rounded(red);
            between[at + 1] = rounded(green);
            between[at + 2] = rounded(blue);
        }
    }

    private byte[] across(byte[] between, int line) {
        byte[] scaled = new byte[rows.length * line];
        int[] sums = new int[line];
        for (int y = 0; y < rows.length; y++) {
            Arrays.fill(sums, HALF);
            int at = (rows[y].first() - top()) * line;
            for (int weight : rows[y].weights()) {
                for (int i = 0; i < line; i++) {
                    sums[i] += weight * (between[at + i] & 0xff);
                }
                at += line;
            }
            for (int i = 0; i < line; i++) {
                scaled[y * line + i] = rounded(sums[i]);
            }
        }
        return scaled;
    }

    /** Rounded weights can add up to a little more than one. */
    private static byte rounded(int sum) {
        return (byte) Math.min(255, sum >> Axis.BITS);
    }
}
