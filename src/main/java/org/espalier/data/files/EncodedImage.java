package org.espalier.data.files;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * An image file's bytes for a reader, which ends a reader that goes on behind their end: the one for WebP takes zeros for what is missing, and would
 * be at it for hours in a small file that announces a large image.
 */
final class EncodedImage extends MemoryCacheImageInputStream {
    /** Readers look ahead, byte by byte, at the end of a whole file. */
    private static final int LOOKS = 4096;

    private int looks;

    EncodedImage(byte[] encoded) {
        super(new ByteArrayInputStream(encoded));
    }

    @Override
    public int read() throws IOException {
        return counted(super.read());
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return counted(super.read(bytes, offset, length));
    }

    private int counted(int read) {
        if (read < 0 && ++looks > LOOKS) {
            throw new IllegalStateException("the file ends before the image does");
        }
        return read;
    }
}
