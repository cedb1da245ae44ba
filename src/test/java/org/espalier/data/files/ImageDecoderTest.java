package org.espalier.data.files;

import static org.espalier.data.Faults.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.espalier.data.files.ImageDecoder.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
    private static final Path FILE = Path.of("some", "image");
    private final ImageDecoder decoder = new ImageDecoder();

    @AfterEach
    void close() {
        decoder.close();
    }

    /** 6 x 4 pixels (40 x, 60 y, 25 (x + y)), without loss, as Pillow writes them. */
    static final String WEBP = "UklGRiwAAABXRUJQVlA4TCAAAAAvBcAAALmM6H/sIqL/AYVsI0AHdv5iP8KgTEZMAMBKDw==";

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "gif", "tiff"})
    void formatsWithoutLossGiveTheSamePixels(String format) throws IOException {
        BufferedImage image = new BufferedImage(6, 4, format.equals("bmp") ? BufferedImage.TYPE_3BYTE_BGR : BufferedImage.TYPE_INT_RGB);
        byte[] expected = slopes();
        for (int p = 0; p < 24; p++) {
            image.setRGB(p % 6, p / 6, (expected[3 * p] & 0xff) << 16 | (expected[3 * p + 1] & 0xff) << 8 | expected[3 * p + 2] & 0xff);
        }
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        ImageWriteParam param = writer.getDefaultWriteParam();
        if (format.equals("gif")) {
            // Java reads interlaced GIFs of fewer than five lines wrongly.
            param.setProgressiveMode(ImageWriteParam.MODE_DISABLED);
        }
        try (ImageOutputStream out = ImageIO.createImageOutputStream(encoded)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
        }
        assertArrayEquals(expected, decoder.decode(FILE, encoded.toByteArray(), new Size(4, 6)));
    }

    @Test
    void webpIsRead() {
        byte[] encoded = java.util.Base64.getDecoder().decode(WEBP);
        assertArrayEquals(slopes(), decoder.decode(FILE, encoded, new Size(4, 6)));
        assertArrayEquals(slopes(), decoder.decodeCropped(FILE, encoded,
                size -> new ResizedCrop(Axis.whole(0, 4, 4), Axis.whole(0, 6, 6), false)));
    }

    @Test
    void packedPixelsKeepTheirRange() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_565_RGB);
        image.setRGB(0, 0, 0xffffff);
        byte[] white = {-1, -1, -1, 0, 0, 0};
        assertArrayEquals(white, ImageDecoder.rgb(image));
    }

    private static byte[] slopes() {
        byte[] rgb = new byte[72];
        for (int p = 0; p < 24; p++) {
            rgb[3 * p] = (byte) (40 * (p % 6));
            rgb[3 * p + 1] = (byte) (60 * (p / 6));
            rgb[3 * p + 2] = (byte) (25 * (p % 6 + p / 6));
        }
        return rgb;
    }

    @Test
    void aDecoderGoesOnAfterAWrongImage() throws IOException {
        for (String format : new String[] {"png", "jpg"}) {
            byte[] right = encoded(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), format);
            for (int time = 0; time < 2; time++) {
                fails(IllegalArgumentException.class, () -> decoder.decode(FILE, Arrays.copyOf(right, right.length / 2), new Size(8, 8)), FILE);
                assertEquals(8 * 8 * 3, decoder.decode(FILE, right, new Size(8, 8)).length);
            }
        }
    }

    @Test
    void scalingDownTakesTheMeanAndScalingToTheSameSizeChangesNothing() throws IOException {
        BufferedImage stripes = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 64; i++) {
            stripes.setRGB(i % 64, i / 64, i % 2 == 0 ? 0 : 0xc86432);
        }
        byte[] file = encoded(stripes, "png");
        byte[] small = decoder.decodeScaled(FILE, file, new Size(16, 16));
        for (int i = 0; i < small.length; i++) {
            assertEquals(new int[] {100, 50, 25}[i % 3], small[i] & 0xff, 1);
        }
        assertArrayEquals(decoder.decode(FILE, file, new Size(64, 64)),
                decoder.decodeScaled(FILE, file, new Size(64, 64)));
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY, BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_3BYTE_BGR,
            BufferedImage.TYPE_BYTE_INDEXED, BufferedImage.TYPE_BYTE_BINARY})
    void everyKindOfPngGivesItsStoredSamples(int kind) throws IOException {
        BufferedImage image = new BufferedImage(2, 1, kind);
        boolean grey = kind == BufferedImage.TYPE_BYTE_GRAY || kind == BufferedImage.TYPE_USHORT_GRAY;
        if (grey) {
            image.getRaster().setSample(0, 0, 0, kind == BufferedImage.TYPE_BYTE_GRAY ? 100 : 100 << 8 | 17);
        } else {
            image.setRGB(0, 0, kind == BufferedImage.TYPE_BYTE_BINARY ? 0xffffffff : 0x80ff3300);
        }
        boolean binary = kind == BufferedImage.TYPE_BYTE_BINARY;
        byte[] expected = grey ? new byte[] {100, 100, 100} : binary ? new byte[] {-1, -1, -1} : new byte[] {-1, 0x33, 0};
        byte[] file = encoded(image, "png");
        byte[] found = decoder.decode(FILE, file, new Size(1, 2));
        assertArrayEquals(expected, Arrays.copyOf(found, 3));
        if (kind != BufferedImage.TYPE_BYTE_INDEXED) {
            assertArrayEquals(new byte[3], Arrays.copyOfRange(found, 3, 6));
        }
    }

    @Test
    void aGreyJpegKeepsItsValues() throws IOException {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 64; i++) {
            image.getRaster().setSample(i % 8, i / 8, 0, 100);
        }
        byte[] file = encoded(image, "jpg");
        byte[] found = decoder.decode(FILE, file, new Size(8, 8));
        for (byte value : found) {
            assertEquals(100, value, 1);
        }
    }

    @Test
    void aTruncatedJpegIsRefusedThoughJavaWouldFillItUp() throws IOException {
        BufferedImage noise = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 64; i++) {
            noise.setRGB(i % 64, i / 64, i * 7919);
        }
        byte[] file = encoded(noise, "jpg");
        decoder.decode(FILE, file, new Size(64, 64));
        for (int length : new int[] {3, 100, file.length / 2, file.length - 20, file.length - 1}) {
            byte[] cut = Arrays.copyOf(file, length);
            fails(IllegalArgumentException.class, () -> decoder.decode(FILE, cut, new Size(64, 64)), "cannot decode", FILE);
        }
    }

    @Test
    void aHeaderThatAnnouncesAGiganticImageIsNotBelieved() throws IOException {
        byte[] file = pngHeader(100_000, 100_000);
        fails(IllegalArgumentException.class, () -> decoder.sizeOf(FILE, file), FILE, "100000x100000");
        fails(IllegalArgumentException.class, () -> decoder.decode(FILE, file, new Size(4, 6)), FILE, "100000x100000");
        fails(IllegalArgumentException.class, () -> decoder.decodeScaled(FILE, file, new Size(4, 6)), FILE, "100000x100000");
    }

    private static byte[] encoded(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, format, bytes));
        return bytes.toByteArray();
    }

    /** A PNG of some 60 bytes: signature, a header with this size, and no data to speak of. */
    private static byte[] pngHeader(int width, int height) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(header);
        out.writeBytes("IHDR");
        out.writeInt(width);
        out.writeInt(height);
        out.write(new byte[] {8, 2, 0, 0, 0});
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        out = new DataOutputStream(file);
        out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        out.writeInt(13);
        out.write(header.toByteArray());
        CRC32 crc = new CRC32();
        crc.update(header.toByteArray());
        out.writeInt((int) crc.getValue());
        out.write(new byte[30]);
        return file.toByteArray();
    }
}
