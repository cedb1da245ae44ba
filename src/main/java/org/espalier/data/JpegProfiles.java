package org.espalier.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Colour profiles in JPEG files. Java's reader applies them, and other programs that read training images don't; so they are hidden from it.
 */
final class JpegProfiles {
    private static final byte[] PROFILE = "ICC_PROFILE".getBytes(StandardCharsets.US_ASCII);

    private JpegProfiles() {
    }

    /** The same bytes, or a copy in which no profile goes by its name, if there was one before the image data. */
    static byte[] hidden(byte[] encoded) {
        byte[] copy = encoded;
        if (encoded.length < 2 || (encoded[0] & 0xff) != 0xff || (encoded[1] & 0xff) != 0xd8) {
            return encoded;
        }
        for (int at = 2; at + 4 <= encoded.length && (encoded[at] & 0xff) == 0xff; ) {
            int marker = encoded[at + 1] & 0xff;
            if (marker == 0xff) {
                at++;
                continue;
            }
            if (marker == 0xda) {
                break;
            }
            int name = at + 4;
            if (marker == 0xe2 && name + PROFILE.length <= encoded.length
                    && Arrays.equals(PROFILE, 0, PROFILE.length, encoded, name, name + PROFILE.length)) {
                copy = copy == encoded ? encoded.clone() : copy;
                copy[name] = '-';
            }
            at += 2 + Math.max(2, (encoded[at + 2] & 0xff) << 8 | encoded[at + 3] & 0xff);
        }
        return copy;
    }
}
