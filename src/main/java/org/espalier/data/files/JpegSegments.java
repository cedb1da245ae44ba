package org.espalier.data.files;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The segments before a JPEG's image data. A file may lie about their lengths and end anywhere: nothing is read behind its end. */
record JpegSegments(byte[] file) {
    private static final byte MARK = (byte) 0xff;
    private static final int START_OF_IMAGE = 0xd8;
    private static final int START_OF_SCAN = 0xda;
    private static final byte[] PROFILE = "ICC_PROFILE".getBytes(StandardCharsets.US_ASCII);

    /** Where they begin, in their order; nowhere in a file that is no JPEG. */
    IntStream starts() {
        int first = file.length >= 2 && file[0] == MARK && marker(0) == START_OF_IMAGE ? next(2) : -1;
        return IntStream.iterate(first, at -> at > 0, at -> next(at + 2 + Math.max(2, (file[at + 2] & 0xff) << 8 | file[at + 3] & 0xff)));
    }

    /** The segment that begins here, or behind some bytes that only fill; -1 for the image data, or the end. */
    private int next(int from) {
        int at = from;
        while (at + 4 <= file.length && file[at] == MARK && file[at + 1] == MARK) {
            at++;
        }
        return at + 4 <= file.length && file[at] == MARK && marker(at) != START_OF_SCAN ? at : -1;
    }

    /** What kind of segment begins there. */
    int marker(int start) {
        return file[start + 1] & 0xff;
    }

    /** Whether the segment that begins there is of an application that gives itself this name. */
    boolean isOf(int start, int marker, byte[] name) {
        int at = start + 4;
        return marker(start) == marker && at + name.length <= file.length && Arrays.equals(name, 0, name.length, file, at, at + name.length);
    }

    /**
     * The file, or a copy in which no colour profile goes by its name, if there is one: Java's reader applies them, and other programs that read
     * training images don't.
     */
    byte[] withoutProfiles() {
        int[] profiles = starts().filter(at -> isOf(at, 0xe2, PROFILE)).toArray();
        byte[] hidden = profiles.length == 0 ? file : file.clone();
        for (int at : profiles) {
            hidden[at + 4] = '-';
        }
        return hidden;
    }
}
