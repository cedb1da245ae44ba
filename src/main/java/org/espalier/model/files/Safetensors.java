package org.espalier.model.files;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.espalier.model.Tensor;
import org.espalier.text.Quoted;

/**
 * The safetensors format (github.com/huggingface/safetensors): 8 bytes with the header's length, a JSON header, the numbers; all
 * little-endian. The header gives each tensor's type, shape and place, and under {@code __metadata__} texts by their names.
 */
final class Safetensors {
    /** The header of a ResNet-110 takes 60 kB. */
    private static final int MAX_HEADER = 16 << 20;

    private Safetensors() {
    }

    /** The same bytes for the same content, whatever order {@code metadata} has. */
    static byte[] write(Map<String, Tensor> tensors, Map<String, String> metadata) {
        StringWriter header = new StringWriter();
        long end = 0;
        try (JsonWriter json = new JsonWriter(header)) {
            json.beginObject().name(SafetensorsHeader.METADATA).beginObject();
            for (var entry : new TreeMap<>(metadata).entrySet()) {
                json.name(entry.getKey()).value(entry.getValue());
            }
            json.endObject();
            for (var entry : tensors.entrySet()) {
                json.name(entry.getKey()).beginObject().name("dtype").value(ElementType.FLOAT.safetensorsName).name("shape").beginArray();
                for (int length : entry.getValue().shape()) {
                    json.value(length);
                }
                long start = end;
                end += 4L * entry.getValue().size();
                json.endArray().name("data_offsets").beginArray().value(start).value(end).endArray().endObject();
            }
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // A string is always writable.
        }
        // Blanks fill the header up to a multiple of 8, so that the numbers lie aligned.
        String text = header.toString();
        byte[] padded = (text + " ".repeat((8 - text.getBytes(StandardCharsets.UTF_8).length % 8) % 8)).getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(8 + padded.length + end)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(padded.length).put(padded);
        for (Tensor tensor : tensors.values()) {
            bytes.asFloatBuffer().put(tensor.values());
            bytes.position(bytes.position() + 4 * tensor.size());
        }
        return bytes.array();
    }

    /** @param entry the prefix of the tensors that are wanted, in parts */
    static Checkpoint read(byte[] bytes, List<String> entry) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long length = all.getLong();
        if (length < 0 || length > MAX_HEADER || length > all.remaining()) {
            throw new IllegalArgumentException("its header claims " + Long.toUnsignedString(length) + " bytes, but " + all.remaining()
                    + " follow and " + MAX_HEADER + " are the most; " + Checkpoint.DAMAGED);
        }
        SafetensorsHeader header = header(all.slice(8, (int) length));
        int start = 8 + (int) length;
        header.requireFilled(bytes.length - start);
        Map<String, StoredTensor> tensors = entry.isEmpty() ? header.tensors() : TensorNames.under(String.join(".", entry) + ".", header.tensors());
        if (tensors.isEmpty() && !entry.isEmpty()) {
            throw new IllegalArgumentException("it has no tensors that begin with " + Quoted.name(String.join(".", entry) + "."));
        }
        StoredWeights weights = new StoredWeights(tensors, storage -> all.slice(start + (int) (long) header.starts().get(storage.key()),
                (int) storage.count() * storage.type().width).order(ByteOrder.LITTLE_ENDIAN));
        return new Checkpoint(weights.read(), header.metadata());
    }

    private static SafetensorsHeader header(ByteBuffer text) {
        try {
            return SafetensorsHeader.parse(StandardCharsets.UTF_8.newDecoder().decode(text).toString());
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw new IllegalArgumentException("its header is no JSON that describes tensors (" + e.getMessage() + "); " + Checkpoint.DAMAGED, e);
        }
    }
}
