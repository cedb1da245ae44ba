package org.espalier.model.files;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.model.files.StoredTensor.Storage;
import org.espalier.text.Quoted;

/**
 * What stands before the numbers of a safetensors file.
 *
 * @param starts where each tensor's bytes begin, counted from the header's end
 */
record SafetensorsHeader(Map<String, String> metadata, Map<String, StoredTensor> tensors, Map<String, Long> starts) {
    static final String METADATA = "__metadata__";

    /** @throws IOException where the text is no such JSON, as IllegalStateException and NumberFormatException */
    static SafetensorsHeader parse(String text) throws IOException {
        var header = new SafetensorsHeader(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        JsonReader json = new JsonReader(new StringReader(text));
        json.setStrictness(Strictness.STRICT);
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            if (name.equals(METADATA)) {
                header.readMetadata(json);
            } else {
                header.readTensor(name, json);
            }
        }
        json.endObject();
        if (json.peek() != JsonToken.END_DOCUMENT) {
            throw new IllegalStateException("more text behind its end");
        }
        return header;
    }

    private void readMetadata(JsonReader json) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            requireNew(metadata.put(json.nextName(), json.nextString()), METADATA);
        }
        json.endObject();
    }

    private void readTensor(String name, JsonReader json) throws IOException {
        String type = null;
        List<Long> shape = null;
        List<Long> place = null;
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "dtype" -> type = json.nextString();
                case "shape" -> shape = numbers(json);
                case "data_offsets" -> place = numbers(json);
                default -> throw new IllegalStateException(Quoted.name(name) + " has something beside dtype, shape and data_offsets");
            }
        }
        json.endObject();
        if (type == null || shape == null || place == null || place.size() != 2) {
            throw new IllegalStateException(Quoted.name(name) + " lacks a dtype, a shape or two data_offsets");
        }
        ElementType element = type(type, name);
        long[] lengths = shape.stream().mapToLong(Long::longValue).toArray();
        long count = StoredTensor.sizeOf(lengths);
        if (place.get(0) < 0 || place.get(1) < place.get(0) || (place.get(1) - place.get(0)) % element.width != 0
                || (place.get(1) - place.get(0)) / element.width != count) {
            throw new IllegalArgumentException("its header puts " + Quoted.name(name) + " of shape " + shape + " and type " + type
                    + " at the bytes " + place + ", which doesn't fit; " + Checkpoint.DAMAGED);
        }
        requireNew(tensors.put(name, StoredTensor.contiguous(new Storage(name, element, 0, count), lengths)), name);
        starts.put(name, place.get(0));
    }

    private static ElementType type(String name, String tensor) {
        return Stream.of(ElementType.values()).filter(type -> type.safetensorsName.equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("its tensor " + Quoted.name(tensor) + " has the type " + Quoted.name(name)
                        + "; F32, F64, F16 and BF16 can be read"));
    }

    private static List<Long> numbers(JsonReader json) throws IOException {
        List<Long> numbers = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            numbers.add(json.nextLong());
        }
        json.endArray();
        return numbers;
    }

    private static void requireNew(Object before, String name) {
        if (before != null) {
            throw new IllegalStateException(Quoted.name(name) + " or an entry of it is there twice");
        }
    }

    /** The format wants the tensors to fill the file, without a hole and without an overlap. */
    void requireFilled(long bytes) {
        long end = 0;
        // Empty tensors begin where another begins, so that they come first.
        var order = Comparator.<String, Long>comparing(starts::get).thenComparing(name -> tensors.get(name).size());
        for (String name : starts.keySet().stream().sorted(order).toList()) {
            if (starts.get(name) != end) {
                throw new IllegalArgumentException("its header lets " + Quoted.name(name) + " begin at byte " + starts.get(name)
                        + ", but what is before ends at " + end + "; " + Checkpoint.DAMAGED);
            }
            end += tensors.get(name).size() * tensors.get(name).storage().type().width;
        }
        if (end != bytes) {
            throw new IllegalArgumentException("its header describes " + end + " bytes of numbers, but there are " + bytes + "; "
                    + Checkpoint.DAMAGED);
        }
    }
}
