package org.espalier.model.files;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.espalier.text.Quoted;

/** Names what a file is that holds no weights of a known format, by its first bytes. */
final class OtherContent {
    /** How much of the file is looked at. */
    static final int HEAD = 512;
    private static final String EXPECTED = "; expected was a safetensors file or one that torch.save wrote";
    private static final Map<String, String> BEGINNINGS = Map.of(
            "\u001f\u008b", "it is packed with gzip: unpack it first",
            "BZh", "it is packed with bzip2: unpack it first",
            "\u00fd7zXZ", "it is packed with xz: unpack it first",
            "7z\u00bc\u00af", "it is a 7z archive: unpack it first",
            "\u0089HDF", "it is an HDF5 file, as Keras writes them",
            "\u0093NUMPY", "it is a NumPy array",
            "\u0089PNG", "it is a picture (PNG)",
            "\u00ff\u00d8\u00ff", "it is a picture (JPEG)",
            "%PDF", "it is a PDF document");

    private OtherContent() {
    }

    static IllegalArgumentException refusal(byte[] head) {
        if (head.length == 0) {
            return new IllegalArgumentException("it is empty" + EXPECTED);
        }
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (text.startsWith("version https://git-lfs")) {
            String size = text.lines().filter(line -> line.startsWith("size ")).map(line -> line.substring(5)).findFirst().orElse("?");
            return new IllegalArgumentException("it is a Git LFS pointer, a note of where the file with the weights ("
                    + Quoted.name(size).replace("'", "") + " bytes) lies, not that file; fetch it with: git lfs pull");
        }
        String start = text.strip().replaceFirst("^\u00ef\u00bb\u00bf", "").toLowerCase(Locale.ROOT);
        if (start.startsWith("<") && (start.contains("<html") || start.startsWith("<!doctype html"))) {
            return new IllegalArgumentException("it is a web page" + words(text) + ", not a file of weights: what was downloaded was a page about "
                    + "it, or a warning or log-in before it; download the file itself");
        }
        Optional<String> known = BEGINNINGS.entrySet().stream().filter(entry -> text.startsWith(entry.getKey())).map(Map.Entry::getValue).findFirst();
        if (known.isPresent()) {
            return new IllegalArgumentException(known.get() + EXPECTED);
        }
        if (text.matches("(?s)\\x08[\\x03-\\x10]\\x12.*")) {
            return new IllegalArgumentException("it is an ONNX file, which is for running elsewhere" + EXPECTED);
        }
        if (text.startsWith("ustar", 257)) {
            return new IllegalArgumentException("it is a tar archive: unpack it first" + EXPECTED);
        }
        return new IllegalArgumentException((isText(head) ? "it is a text that begins with " + Quoted.name(text)
                : "it begins with the bytes " + HexFormat.of().withDelimiter(" ").formatHex(head, 0, Math.min(9, head.length))) + EXPECTED);
    }

    /** Whether it is nothing but ASCII characters that can be printed. */
    static boolean isText(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).matches("[ -~\\s]*");
    }

    /** What a reader of the page would see first. */
    private static String words(String page) {
        String words = page.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ").strip();
        return words.isEmpty() ? "" : " (" + Quoted.name(words) + ")";
    }
}
