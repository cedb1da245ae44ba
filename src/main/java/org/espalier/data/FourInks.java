package org.espalier.data;

import java.awt.image.Raster;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JPEG files for printing, of which ImageNet has a few: four inks, cyan, magenta, yellow and black, stored inverted as Adobe's programs do, and
 * where {@code rotated} the first three as brightness and two colour differences. Java reads their samples, but makes no colours of them.
 */
record FourInks(boolean rotated) {
    private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.US_ASCII);

    /** Whether the segments before a JPEG's image data announce four components. */
    static boolean in(byte[] encoded) {
        int frame = segment(encoded, false);
        return frame > 0 && frame + 9 < encoded.length && encoded[frame + 9] == 4;
    }

    static FourInks of(byte[] encoded) {
        int adobe = segment(encoded, true);
        return new FourInks(adobe > 0 && adobe + 15 < encoded.length && encoded[adobe + 15] == 2);
    }

    /** Where Adobe's segment or that of the frame begins, or -1. */
    private static int segment(byte[] bytes, boolean adobe) {
        if (bytes.length < 2 || (bytes[0] & 0xff) != 0xff || (bytes[1] & 0xff) != 0xd8) {
            return -1;
        }
        for (int at = 2; at + 4 <= bytes.length && (bytes[at] & 0xff) == 0xff; ) {
            int marker = bytes[at + 1] & 0xff;
            if (marker == 0xff) {
                at++;
                continue;
            }
            boolean frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
            boolean named = marker == 0xee && Arrays.equals(ADOBE, 0, 5, bytes, at + 4, Math.min(bytes.length, at + 9));
            if (adobe ? named : frame) {
                return at;
            }
            if (marker == 0xda) {
                return -1;
            }
            at += 2 + Math.max(2, (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff);
        }
        return -1;
    }

    /** Red, green and blue bytes: each ink's light times that of black. */
    byte[] rgb(Raster raster) {
        int pixels = raster.getWidth() * raster.getHeight();
        int[] inks = raster.getPixels(raster.getMinX(), raster.getMinY(), raster.getWidth(), raster.getHeight(), (int[]) null);
        byte[] rgb = new byte[3 * pixels];
        for (int p = 0; p < pixels; p++) {
            int black = inks[4 * p + 3];
            for (int c = 0; c < 3; c++) {
                int light = rotated ? 255 - mixed(inks[4 * p], inks[4 * p + 1] - 128, inks[4 * p + 2] - 128, c) : inks[4 * p + c];
                rgb[3 * p + c] = (byte) ((light * black + 127) / 255);
            }
        }
        return rgb;
    }

    /** JFIF's formula. */
    private static int mixed(int brightness, int blue, int red, int channel) {
        double value = switch (channel) {
            case 0 -> brightness + 1.402 * red;
            case 1 -> brightness - .344136 * blue - .714136 * red;
            default -> brightness + 1.772 * blue;
        };
        return (int) Math.max(0, Math.min(255, Math.rint(value)));
    }
}
