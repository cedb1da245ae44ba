package org.espalier.data.files;

import java.awt.image.Raster;
import java.nio.charset.StandardCharsets;

/**
 * JPEG files for printing, of which ImageNet has a few: four inks, cyan, magenta, yellow and black, stored inverted as Adobe's programs do, and
 * where {@code rotated} the first three as brightness and two colour differences. Java reads their samples, but makes no colours of them.
 */
record Cmyk(boolean rotated) {
    private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.US_ASCII);

    /** Whether the segments before a JPEG's image data announce four components. */
    static boolean in(byte[] encoded) {
        JpegSegments segments = new JpegSegments(encoded);
        return segments.starts().filter(at -> isFrame(segments.marker(at))).limit(1)
                .anyMatch(at -> at + 9 < encoded.length && encoded[at + 9] == 4);
    }

    static Cmyk of(byte[] encoded) {
        JpegSegments segments = new JpegSegments(encoded);
        return new Cmyk(segments.starts().filter(at -> segments.isOf(at, 0xee, ADOBE)).limit(1)
                .anyMatch(at -> at + 15 < encoded.length && encoded[at + 15] == 2));
    }

    /** The frames' markers are in a row, but for three of tables and extensions. */
    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
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
