package org.espalier.data.files;

import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.PackedColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes image files to red, green and blue bytes, row by row: JPEG, PNG, GIF, BMP, TIFF and WebP, of several images in one file the first. Grey
 * becomes three equal channels and transparency is dropped; colour profiles and the camera's orientation are not applied. The colour of lossy WebP
 * images is enlarged without smoothing, which other libraries do: pixels differ by a few of 255 from theirs. One thread uses one decoder, for many images: making Java's readers costs a fifth
 * of decoding a small image.
 */
public final class ImageDecoder implements AutoCloseable {
    /** A header is believed up to here; a tiny file may announce any size. */
    private static final long MAX_PIXELS = 1L << 26;

    private final Map<ImageFormat, ImageReader> readers = new EnumMap<>(ImageFormat.class);

    public record Size(int height, int width) {
        private static final int LARGEST = 1 << 16;

        public Size {
            if (height < 1 || width < 1 || height > LARGEST || width > LARGEST) {
                throw new IllegalArgumentException("images have sides of 1 to " + LARGEST + " pixels, not " + height + " x " + width);
            }
        }

        @Override
        public String toString() {
            return height + "x" + width;
        }
    }

    public Size sizeOf(Path file, byte[] encoded) {
        return read(file, encoded, ImageDecoder::size);
    }

    /** An image that has to have this size already. */
    public byte[] decode(Path file, byte[] encoded, Size expected) {
        return read(file, encoded, reader -> {
            Size found = size(reader);
            if (!found.equals(expected)) {
                throw new WrongSize(file + " is " + found + " (height x width), but the first image of the folder is " + expected
                        + "; scale all of them, for instance with imageFolder(folder, " + expected.height() + "), or read them with "
                        + "imageStream(folder, size), which crops as ImageNet's are");
            }
            return rgb(reader, encoded);
        });
    }

    /** An image scaled to this size, its proportions not kept. */
    byte[] decodeScaled(Path file, byte[] encoded, Size target) {
        return read(file, encoded, reader -> {
            Size size = size(reader);
            byte[] rgb = rgb(reader, encoded);
            return size.equals(target) ? rgb : rgb(scaled(rgb, size, target));
        });
    }

    /** The part of an image that its size leads to, scaled to a square; of the rest no more is decoded than it takes. */
    public byte[] decodeCropped(Path file, byte[] encoded, Function<Size, ResizedCrop> crop) {
        return read(file, encoded, reader -> {
            Resampling resampling = new Resampling(crop.apply(size(reader)));
            ImageReadParam part = reader.getDefaultReadParam();
            part.setSourceRegion(new Rectangle(resampling.left(), resampling.top(), resampling.width(), resampling.height()));
            return resampling.apply(Cmyk.in(encoded)
                    ? Samples.ofRgb(Cmyk.of(encoded).rgb(reader.readRaster(0, part)), resampling.width())
                    : Samples.of(reader.read(0, part)));
        });
    }

    @FunctionalInterface
    private interface Reading<T> {
        T from(ImageReader reader) throws IOException;
    }

    private <T> T read(Path file, byte[] encoded, Reading<T> reading) {
        ImageFormat format = ImageFormat.of(encoded).orElseThrow(() -> new IllegalArgumentException(file + " is " + ImageFormat.whatElse(encoded)
                + ", whatever its name says; replace or remove it"));
        ImageReader reader = readers.computeIfAbsent(format, ImageFormat::reader);
        List<String> warnings = new ArrayList<>();
        try (ImageInputStream in = new EncodedImage(new JpegSegments(encoded).withoutProfiles())) {
            if (format == ImageFormat.WEBP && encoded.length < 8 + (ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN).getInt(4) & 0xffffffffL)) {
                throw new IOException("the file ends before the image does");
            }
            reader.setInput(in, true, true);
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            T result = reading.from(reader);
            // The JPEG reader fills up a truncated image with grey and only warns.
            if (warnings.stream().anyMatch(warning -> warning.contains("Truncated File"))) {
                throw new IOException("the file ends before the image does");
            }
            return result;
        } catch (WrongSize e) {
            throw e;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw new IllegalArgumentException("cannot decode the image " + file + " (" + (e.getMessage() == null ? e : e.getMessage()) + "); replace or remove it", e);
        } finally {
            reader.reset();
        }
    }

    @Override
    public void close() {
        readers.values().forEach(ImageReader::dispose);
    }

    private static Size size(ImageReader reader) throws IOException {
        int height = reader.getHeight(0);
        int width = reader.getWidth(0);
        if ((long) height * width > MAX_PIXELS) {
            throw new IOException("its header announces " + height + "x" + width + " pixels, more than " + MAX_PIXELS + " are not read");
        }
        return new Size(height, width);
    }

    private static byte[] rgb(ImageReader reader, byte[] encoded) throws IOException {
        return Cmyk.in(encoded) ? Cmyk.of(encoded).rgb(reader.readRaster(0, null)) : rgb(reader.read(0));
    }

    private static final class WrongSize extends IllegalArgumentException {
        private WrongSize(String message) {
            super(message);
        }
    }

    /** Whether the samples themselves are grey, or red, green and blue. */
    static boolean isPlain(ColorModel model) {
        int colours = model.getColorSpace().getType();
        return model instanceof ComponentColorModel && (colours == ColorSpace.TYPE_RGB || colours == ColorSpace.TYPE_GRAY);
    }

    /**
     * The stored samples where they are grey or red, green and blue of 8 or 16 bits: Java's own conversion would brighten grey images, since it
     * takes them for linear light. Palettes and packed pixels are resolved.
     *
     * @throws IllegalArgumentException for other colours, such as those of print, and samples that are neither bytes nor 16-bit numbers
     */
    static byte[] rgb(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] rgb = new byte[3 * width * height];
        Raster raster = image.getRaster();
        if (image.getColorModel() instanceof IndexColorModel || image.getColorModel() instanceof PackedColorModel) {
            int[] colours = image.getRGB(0, 0, width, height, null, 0, width);
            for (int p = 0; p < colours.length; p++) {
                for (int c = 0; c < 3; c++) {
                    rgb[3 * p + c] = (byte) (colours[p] >> 16 - 8 * c);
                }
            }
            return rgb;
        }
        boolean whole = raster.getTransferType() == DataBuffer.TYPE_BYTE || raster.getTransferType() == DataBuffer.TYPE_USHORT;
        if (!whole || !isPlain(image.getColorModel())) {
            throw new IllegalArgumentException("its samples aren't grey or red, green and blue in 8 or 16 bits; save it as PNG");
        }
        int bands = raster.getNumBands();
        int shift = raster.getTransferType() == DataBuffer.TYPE_USHORT ? 8 : 0;
        // A line at a time: four bytes for each sample of a large image would be a lot.
        int[] samples = new int[width * bands];
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, samples);
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (y * width + x) + c] = (byte) (samples[x * bands + (bands < 3 ? 0 : c)] >> shift);
                }
            }
        }
        return rgb;
    }

    /** Halved as long as that doesn't go below the target, then bilinear: each pixel of the original counts. */
    private static BufferedImage scaled(byte[] rgb, Size size, Size target) {
        BufferedImage current = new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < rgb.length / 3; p++) {
            current.setRGB(p % size.width(), p / size.width(),
                    (rgb[3 * p] & 0xff) << 16 | (rgb[3 * p + 1] & 0xff) << 8 | rgb[3 * p + 2] & 0xff);
        }
        while (current.getWidth() != target.width() || current.getHeight() != target.height()) {
            int width = next(current.getWidth(), target.width());
            int height = next(current.getHeight(), target.height());
            BufferedImage smaller = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = smaller.createGraphics();
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            graphics.drawImage(current, 0, 0, width, height, null);
            graphics.dispose();
            current = smaller;
        }
        return current;
    }

    private static int next(int length, int target) {
        return length / 2 > target ? (length + 1) / 2 : target;
    }
}
