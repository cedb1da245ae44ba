package org.espalier.model.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.model.Architecture;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.random.Randomness;

/** Files that tests put together byte by byte. */
public final class Assembled {
    /** PROTO 2. */
    public static final String START = "\u0080\u0002";
    /** The legacy format's magic number, its version and an empty dict for the facts about the machine. */
    public static final byte[] LEGACY_HEAD = latin1(START + "\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019." + START + "M\u00e9\u0003." + START + "}.");

    private Assembled() {
    }

    public static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** BINUNICODE. */
    public static String text(String text) {
        return "X" + int4(text.length()) + text;
    }

    public static String int4(int number) {
        return new String(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array(), StandardCharsets.ISO_8859_1);
    }

    /** A float storage with the key 0. */
    public static String storage(int count) {
        return "(" + text("storage") + "ctorch\nFloatStorage\n" + text("0") + text("cpu") + "J" + int4(count) + "tQ";
    }

    /** A view of that storage. */
    public static String tensor(int count, int offset, int length, int stride) {
        return "ctorch._utils\n_rebuild_tensor_v2\n(" + storage(count) + "J" + int4(offset) + "J" + int4(length) + "\u0085J" + int4(stride)
                + "\u0085\u0089}tR";
    }

    /** A dict of one tensor. */
    public static String dict(String tensor) {
        return START + "}" + text("a") + tensor + "s.";
    }

    public static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /** A deflated archive; entries by name. */
    public static byte[] zip(Map<String, byte[]> entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    public static byte[] zip(String pickle, byte[] storage) throws IOException {
        return zip(Map.of("a/data.pkl", latin1(pickle), "a/data/0", storage));
    }

    public static byte[] safetensors(String header, byte[] numbers) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + numbers.length).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length).put(text).put(numbers).array();
    }

    public static byte[] concat(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    public static Path file(Path folder, byte[] bytes) throws IOException {
        return Files.write(folder.resolve("weights.file"), bytes);
    }

    /** With a normal random number in every place. */
    public static Network network(Architecture architecture, long seed) {
        RandomGenerator random = Randomness.of(seed, "test weights", 0);
        Map<String, Tensor> tensors = new HashMap<>();
        architecture.shapes().forEach((name, shape) -> {
            float[] values = Tensor.filled(0, shape).values();
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            tensors.put(name, Tensor.of(values, shape));
        });
        return new Network(architecture, new Weights(tensors));
    }
}
