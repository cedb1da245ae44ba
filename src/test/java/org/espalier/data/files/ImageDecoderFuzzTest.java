package org.espalier.data.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Images of every format with bytes turned over, cut off, or put in: each is decoded to as many bytes as its size says, or refused by an error that
 * names the file. {@code -Despalier.fuzz.images=100000} tries more than CI does.
 */
class ImageDecoderFuzzTest {
    private static final int IMAGES = Integer.getInteger("espalier.fuzz.images", 3000);
    private static final Path FILE = Path.of("some", "image");
    private static final String LOSSY_WEBP = "UklGRkIAAABXRUJQVlA4IDYAAAAwAgCdASoQABAAAoBCJbACdAD2CRqUIPUsAADKqaSHngA3Jb3w4jfwbNu39qgf5chy0Z4oAAA=";

    @Test
    @Timeout(600)
    void aSpoiltImageIsDecodedOrRefusedByName() throws IOException {
        List<byte[]> whole = new ArrayList<>(List.of(Base64.getDecoder().decode(LOSSY_WEBP), Base64.getDecoder().decode(ImageDecoderTest.WEBP)));
        for (String format : List.of("png", "jpg", "gif", "bmp", "tiff")) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BufferedImage image = new BufferedImage(16, 12, BufferedImage.TYPE_INT_RGB);
            for (int p = 0; p < 192; p++) {
                image.setRGB(p % 16, p / 16, p * 0x1357);
            }
            assertTrue(ImageIO.write(image, format, out));
            whole.add(out.toByteArray());
        }
        int decoded = 0;
        try (ImageDecoder decoder = new ImageDecoder()) {
            for (int seed = 0; seed < IMAGES; seed++) {
                byte[] spoilt = spoilt(whole.get(seed % whole.size()), new Random(seed));
                try {
                    ImageDecoder.Size size = decoder.sizeOf(FILE, spoilt);
                    if ((long) size.height() * size.width() < 1 << 20) {
                        assertEquals(3 * size.height() * size.width(), decoder.decode(FILE, spoilt, size).length);
                        assertEquals(3 * 8 * 8, decoder.decodeCropped(FILE, spoilt, any -> ResizedCrop.centre(any, 8)).length);
                        decoded++;
                    }
                } catch (IllegalArgumentException e) {
                    assertTrue(e.getMessage().contains(FILE.toString()), "image " + seed + ": " + e.getMessage());
                }
            }
        }
        assertTrue(decoded > IMAGES / 10 && decoded < IMAGES, decoded + " were decoded");
    }

    private static byte[] spoilt(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        for (int i = random.nextInt(6); i >= 0; i--) {
            // Headers decide most.
            int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(bytes.length, 64));
            bytes[at] = random.nextInt(4) == 0 ? (byte) -1 : (byte) random.nextInt();
        }
        return random.nextInt(5) == 0 ? Arrays.copyOf(bytes, random.nextInt(2 * bytes.length)) : bytes;
    }
}
