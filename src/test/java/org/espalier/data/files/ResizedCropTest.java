package org.espalier.data.files;

import static org.espalier.data.Faults.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.espalier.data.files.ImageDecoder.Size;
import org.espalier.random.Randomness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResizedCropTest {
    private static final Path FILE = Path.of("some", "image");

    /** Nine high, thirteen wide; the values that PyTorch was given for the numbers below. */
    private static BufferedImage pattern() {
        BufferedImage image = new BufferedImage(13, 9, BufferedImage.TYPE_3BYTE_BGR);
        for (int p = 0; p < 13 * 9; p++) {
            int rgb = 0;
            for (int c = 0; c < 3; c++) {
                int i = 3 * p + c;
                rgb = rgb << 8 | (7 * i * i + 13 * i) % 256;
            }
            image.setRGB(p % 13, p / 13, rgb);
        }
        return image;
    }

    /** {@code F.interpolate(image, size=(4, 4), mode='bilinear', antialias=True)} of PyTorch 2.13 on bytes. */
    @Test
    void shrinkingIsThatOfPyTorch() throws IOException {
        near(new int[] {106, 121, 116, 141, 122, 132, 143, 135, 142, 115, 132, 126, 138, 142, 117, 108, 127, 131, 125, 104, 99, 136, 108, 150, 133, 177,
            140, 124, 121, 125, 135, 84, 137, 127, 123, 114, 153, 151, 144, 147, 116, 130, 88, 104, 122, 124, 114, 96},
                framed(new ResizedCrop(Axis.whole(0, 9, 4), Axis.whole(0, 13, 4), false)));
    }

    /** The same on {@code image[:, :, 2:7, 3:10]} to (6, 6): rows are enlarged, columns shrunk, and nothing outside of the part is seen. */
    @Test
    void aPartIsScaledAsIfItWereTheWholeImage() throws IOException {
        int[] expected = {82, 48, 28, 27, 40, 67, 130, 78, 152, 101, 97, 75, 119, 98, 11, 198, 144, 104, 120, 112, 117, 92, 130, 183, 64, 122, 138, 122,
            119, 38, 178, 122, 61, 127, 98, 84, 162, 181, 94, 87, 154, 188, 83, 132, 130, 153, 105, 90, 120, 73, 142, 46, 46, 88, 136, 183, 104, 70, 132,
            121, 115, 85, 158, 160, 94, 153, 103, 84, 181, 90, 33, 103, 105, 130, 172, 83, 127, 68, 130, 45, 166, 151, 77, 137, 145, 135, 158, 209, 57,
            129, 211, 105, 173, 119, 188, 95, 168, 108, 63, 167, 11, 12, 115, 70, 119, 205, 79, 175};
        ResizedCrop part = new ResizedCrop(Axis.whole(2, 5, 6), Axis.whole(3, 7, 6), false);
        near(expected, framed(part));
        byte[] straight = framed(part);
        byte[] mirrored = framed(new ResizedCrop(part.rows(), part.columns(), true));
        for (int i = 0; i < straight.length; i++) {
            assertEquals(straight[i], mirrored[(i / 18 * 6 + 5 - i / 3 % 6) * 3 + i % 3]);
        }
    }

    /** The whole image to (8, 11), and of that rows 0 to 6 and columns 2 to 8: Resize(8) and CenterCrop(7) of torchvision. */
    @Test
    void theMiddleIsThatOfTorchvision() throws IOException {
        int[] start = {123, 112, 138, 153, 73, 110, 198, 166, 149, 182, 203, 204, 98, 104, 164, 177, 130, 179, 69, 200, 145, 125, 69, 185, 128, 85, 134,
            115, 120, 140, 175, 184, 80, 118, 161, 82, 165, 69, 177, 150, 101, 155};
        int[] end = {115, 117, 90, 72, 76, 110, 106, 162, 51, 116, 143, 129, 135, 61};
        byte[] middle = framed(ResizedCrop.centre(new Size(9, 13), 7));
        assertEquals(7 * 7 * 3, middle.length);
        near(start, Arrays.copyOf(middle, start.length));
        near(end, Arrays.copyOfRange(middle, middle.length - end.length, middle.length));
        assertEquals(new ResizedCrop(new Axis(0, 375, 256, 16, 224), new Axis(0, 500, 341, 58, 224), false), ResizedCrop.centre(new Size(375, 500), 224));
    }

    @Property(tries = 300)
    void aRandomPartLiesInsideAndKeepsItsAreaAndProportions(@ForAll @IntRange(min = 1, max = 3000) int height,
                                                          @ForAll @IntRange(min = 1, max = 3000) int width, @ForAll long seed) {
        ResizedCrop part = ResizedCrop.random(new Size(height, width), 224, Randomness.of(seed, "test", 0));
        assertTrue(part.rows().start() >= 0 && part.rows().start() + part.rows().length() <= height && part.rows().length() >= 1, part.toString());
        assertTrue(part.columns().start() >= 0 && part.columns().start() + part.columns().length() <= width && part.columns().length() >= 1);
        if (height > 100 && width > 100 && height < 1.3 * width && width < 1.3 * height) {
            double area = (double) part.rows().length() * part.columns().length() / ((double) height * width);
            double proportions = (double) part.columns().length() / part.rows().length();
            assertTrue(area > .07 && proportions > .7 && proportions < 1.4, part.toString());
        }
    }

    @Test
    void theWholeRangeIsDrawnAndOneInTwoIsMirrored() {
        double least = 1;
        double most = 0;
        int mirrored = 0;
        for (int i = 0; i < 2000; i++) {
            ResizedCrop part = ResizedCrop.random(new Size(375, 500), 224, Randomness.of(1, "test", i));
            double area = (double) part.rows().length() * part.columns().length() / (375 * 500);
            least = Math.min(least, area);
            most = Math.max(most, area);
            mirrored += part.mirrored() ? 1 : 0;
        }
        assertTrue(least < .09 && most > .95, least + " to " + most);
        assertEquals(1000, mirrored, 100);
    }

    @Test
    void aVeryLongImageGivesItsMiddle() {
        ResizedCrop part = ResizedCrop.random(new Size(10, 3000), 8, Randomness.of(1, "test", 0));
        assertEquals(Axis.whole(0, 10, 8), part.rows());
        assertEquals(Axis.whole(1493, 13, 8), part.columns());
    }

    /** Colours are stored at half the resolution and interpolated; a part has to look across its border for them as the whole does. */
    @Test
    void aPartOfAJpegHasThePixelsOfTheWhole() throws IOException {
        BufferedImage image = new BufferedImage(57, 43, BufferedImage.TYPE_INT_RGB);
        new Random(1).ints(57 * 43).forEach(new java.util.function.IntConsumer() {
            private int p;

            @Override
            public void accept(int colour) {
                image.setRGB(p % 57, p++ / 57, colour);
            }
        });
        byte[] file = encoded(image, "jpg");
        try (ImageDecoder decoder = new ImageDecoder()) {
            byte[] whole = decoder.decode(FILE, file, new Size(43, 57));
            for (int top : new int[] {0, 7, 16, 30}) {
                byte[] part = decoder.decodeCropped(FILE, file, size -> new ResizedCrop(Axis.whole(top, 13, 13), Axis.whole(top + 5, 21, 21), false));
                for (int y = 0; y < 13; y++) {
                    int from = ((top + y) * 57 + top + 5) * 3;
                    assertArrayEquals(Arrays.copyOfRange(whole, from, from + 63), Arrays.copyOfRange(part, y * 63, (y + 1) * 63));
                }
            }
        }
    }

    /** Cyan, magenta and yellow light of 200, 100 and 50 under a black of 128 of 255; then the same with the first three as JFIF rotates them. */
    @ParameterizedTest
    @CsvSource({"0, 200, 100, 50, 128", "2, 126, 164, 80, 128"})
    void fourInksBecomeRedGreenAndBlue(int transform, int first, int second, int third, int black) throws IOException {
        byte[] file = inks(transform, first, second, third, black);
        int[] light = transform == 0 ? new int[] {200, 100, 50} : new int[] {
            255 - (int) Math.round(126 + 1.402 * (80 - 128)), 255 - (int) Math.round(126 - .344136 * (164 - 128) - .714136 * (80 - 128)),
            255 - (int) Math.round(126 + 1.772 * (164 - 128))};
        try (ImageDecoder decoder = new ImageDecoder()) {
            byte[] pixels = decoder.decodeCropped(FILE, file, size -> ResizedCrop.centre(size, 8));
            for (int i = 0; i < pixels.length; i++) {
                assertEquals(light[i % 3] * 128 / 255., pixels[i] & 0xff, 2, "channel " + i % 3);
            }
            assertArrayEquals(Arrays.copyOf(pixels, 24), Arrays.copyOf(decoder.decode(FILE, file, new Size(32, 32)), 24), "the same read whole");
            fails(IllegalArgumentException.class, () -> decoder.decodeCropped(FILE, Arrays.copyOf(file, file.length / 3), s -> ResizedCrop.centre(s, 8)), FILE);
        }
    }

    @Test
    void aColourProfileChangesNoPixelOfItsImageOrOfTheNext() throws IOException {
        byte[] plain = encoded(pattern(), "jpg");
        byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        int afterFirst = 4 + ((plain[4] & 0xff) << 8 | plain[5] & 0xff);
        ByteArrayOutputStream profiled = new ByteArrayOutputStream();
        profiled.write(plain, 0, afterFirst);
        int length = 2 + 14 + profile.length;
        profiled.write(new byte[] {(byte) 0xff, (byte) 0xe2, (byte) (length >> 8), (byte) length});
        profiled.write("ICC_PROFILE\0\1\1".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        profiled.write(profile);
        profiled.write(plain, afterFirst, plain.length - afterFirst);
        Size size = new Size(pattern().getHeight(), pattern().getWidth());
        try (ImageDecoder decoder = new ImageDecoder()) {
            byte[] expected = decoder.decode(FILE, plain, size);
            assertArrayEquals(expected, decoder.decode(FILE, profiled.toByteArray(), size));
            assertTrue(decoder.decodeCropped(FILE, inks(0, 200, 100, 50, 128), whole -> ResizedCrop.centre(whole, 8)).length > 0);
            assertArrayEquals(expected, decoder.decode(FILE, plain, size));
        }
    }

    /** Without colour conversion by the writer, under Adobe's mark. */
    private static byte[] inks(int transform, int... values) throws IOException {
        WritableRaster raster = Raster.createInterleavedRaster(java.awt.image.DataBuffer.TYPE_BYTE, 32, 32, 4, null);
        for (int i = 0; i < 32 * 32; i++) {
            raster.setPixel(i % 32, i / 32, values);
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(raster, null, null), null);
        }
        writer.dispose();
        byte[] plain = out.toByteArray();
        ByteArrayOutputStream marked = new ByteArrayOutputStream();
        marked.write(plain, 0, 2);
        marked.write(new byte[] {(byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform});
        marked.write(plain, 2, plain.length - 2);
        return marked.toByteArray();
    }

    private static byte[] framed(ResizedCrop framing) throws IOException {
        try (ImageDecoder decoder = new ImageDecoder()) {
            return decoder.decodeCropped(FILE, encoded(pattern(), "png"), size -> framing);
        }
    }

    private static byte[] encoded(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, format, out));
        return out.toByteArray();
    }

    /** Whole-number weights of another precision may round the other way. */
    private static void near(int[] expected, byte[] found) {
        assertEquals(expected.length, found.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i] & 0xff, 1, "value " + i);
        }
    }
}
