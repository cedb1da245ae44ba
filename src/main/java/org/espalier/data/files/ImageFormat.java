package org.espalier.data.files;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/** The formats that images are decoded from, told by a file's first bytes and not by its name. */
enum ImageFormat {
    JPEG("ffd8ff"), PNG("89504e470d0a"), GIF("47494638"), BMP("424d"), TIFF("49492a00", "4d4d002a"), WEBP("52494646........57454250");

    private final String[] beginnings;

    /** @param beginnings the first bytes in hexadecimal, a point for a digit that may be any */
    ImageFormat(String... beginnings) {
        this.beginnings = beginnings;
    }

    static Optional<ImageFormat> of(byte[] encoded) {
        String start = HexFormat.of().formatHex(encoded, 0, Math.min(encoded.length, 12));
        return Arrays.stream(values()).filter(format -> Arrays.stream(format.beginnings).anyMatch(begin -> begin.length() <= start.length()
                && start.substring(0, begin.length()).matches(begin))).findFirst();
    }

    /** A new one, to be disposed of. */
    ImageReader reader() {
        // Java's own readers are always found by name; the one for WebP would be only from some class loaders.
        return this == WEBP ? new WebPImageReaderSpi().createReaderInstance(null) : ImageIO.getImageReadersByFormatName(name()).next();
    }

    /** What a file is that is no image, as far as its first bytes tell. */
    static String whatElse(byte[] encoded) {
        String start = new String(encoded, 0, Math.min(encoded.length, 64), StandardCharsets.ISO_8859_1).stripLeading().toLowerCase(Locale.ROOT);
        if (start.startsWith("version https://git-lfs")) {
            return "a Git LFS pointer and not the image, which 'git lfs pull' fetches";
        }
        if (start.startsWith("<!doctype") || start.startsWith("<html")) {
            return "a web page, perhaps what a server answered instead of the image";
        }
        return "neither a JPEG nor a PNG image, nor " + Arrays.stream(values()).skip(2).map(Enum::name).toList();
    }
}
