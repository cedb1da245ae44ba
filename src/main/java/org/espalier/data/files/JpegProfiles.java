package org.espalier.data.files;

import java.nio.charset.StandardCharsets;

/**
 * Colour profiles in JPEG files. Java's reader applies them, and other programs that read training images don't; so they are hidden from it.
 */
final class JpegProfiles {
    private static final byte[] PROFILE = "ICC_PROFILE".getBytes(StandardCharsets.US_ASCII);

    private JpegProfiles() {
    }

    /** The same bytes, or a copy in which no profile goes by its name, if there was one before the image data. */
    static byte[] hidden(byte[] encoded) {
        JpegSegments segments = new JpegSegments(encoded);
        int[] profiles = segments.starts().filter(at -> segments.isOf(at, 0xe2, PROFILE)).toArray();
        byte[] hidden = profiles.length == 0 ? encoded : encoded.clone();
        for (int at : profiles) {
            hidden[at + 4] = '-';
        }
        return hidden;
    }
}
