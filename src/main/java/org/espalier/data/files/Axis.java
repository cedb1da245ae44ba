package org.espalier.data.files;

import java.util.Arrays;

/**
 * How one side of an image is resampled: {@code length} source pixels from {@code start} on become {@code scaled}, of which {@code size} from
 * {@code from} on are wanted. The filter is a triangle as wide as two target pixels, or as two source pixels if those are wider: bilinear
 * when enlarging, and no pixel is passed over when shrinking, as Pillow and torchvision (antialias) do it.
 */
public record Axis(int start, int length, int scaled, int from, int size) {
    static final int BITS = 22;
    /** Weights are whole numbers that add up to this. */
    static final int ONE = 1 << BITS;

    static Axis whole(int start, int length, int size) {
        return new Axis(start, length, size, 0, size);
    }

    /** The source pixels that one target pixel is made of. */
    record Taps(int first, int[] weights) {
        int end() {
            return first + weights.length;
        }
    }

    /** Of each wanted target pixel, in source coordinates. */
    Taps[] taps() {
        double scale = (double) length / scaled;
        double reach = Math.max(scale, 1);
        Taps[] taps = new Taps[size];
        for (int i = 0; i < size; i++) {
            double centre = (from + i + .5) * scale;
            int first = Math.max(0, (int) Math.floor(centre - reach + .5));
            int end = Math.min(length, (int) Math.floor(centre + reach + .5));
            double[] weights = new double[end - first];
            for (int k = 0; k < weights.length; k++) {
                weights[k] = Math.max(0, 1 - Math.abs(first + k + .5 - centre) / reach);
            }
            double sum = Arrays.stream(weights).sum();
            taps[i] = new Taps(start + first, Arrays.stream(weights).mapToInt(w -> (int) Math.rint(w / sum * ONE)).toArray());
        }
        return taps;
    }
}
