package org.espalier.study.store;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32;
import org.espalier.study.Failure;
import org.espalier.study.Result;
import org.espalier.study.Spec;

/**
 * One line of the store: a JSON object whose last member is the CRC-32 of the bytes before it. It begins with id, kind and version at fixed
 * places, so that a store opens without reading the rest of its lines.
 */
public final class Row {
    /** Rows of a later version are kept and reported, never read. */
    static final int VERSION = 1;
    private static final String HEAD = "{\"id\":\"0123456789abcdef\",\"row\":\"";
    private static final String SPEC = ",\"spec\":\"";
    private static final String CRC = ",\"crc\":\"";
    private static final int TAIL = CRC.length() + 8 + "\"}".length();

    private Row() {
    }

    enum Kind {
        RESULT, FAILURE, NEWER, NEWER_FAILURE, DAMAGED
    }

    /** A whole line, with its line break. */
    public static byte[] of(Result result) {
        JsonObject row = begin("result", result.spec());
        ResultFields.of(result).forEach((name, value) -> row.add(name, value instanceof Number number ? new JsonPrimitive(number)
                : new JsonPrimitive((String) value)));
        return seal(row);
    }

    static byte[] of(Failure failure) {
        JsonObject row = begin("failure", failure.spec());
        row.addProperty("cause", failure.cause());
        row.addProperty("host", failure.host());
        row.addProperty("when", failure.when().toString());
        return seal(row);
    }

    private static JsonObject begin(String kind, Spec spec) {
        JsonObject row = new JsonObject();
        row.addProperty("id", spec.id());
        row.addProperty("row", kind);
        row.addProperty("version", VERSION);
        row.addProperty("spec", spec.text());
        return row;
    }

    private static byte[] seal(JsonObject row) {
        String json = row.toString();
        byte[] body = json.substring(0, json.length() - 1).getBytes(StandardCharsets.UTF_8);
        return (new String(body, StandardCharsets.UTF_8) + CRC + crc(body, 0, body.length) + "\"}\n").getBytes(StandardCharsets.UTF_8);
    }

    /** What kind of line {@code bytes[start, end)} is (without its line break), by its head and its checksum alone. */
    static Kind kind(byte[] bytes, int start, int end) {
        int body = end - start - TAIL;
        if (body < HEAD.length() || !text(bytes, start + body, CRC.length()).equals(CRC)
                || !text(bytes, end - 10, 8).equals(crc(bytes, start, body))) {
            return Kind.DAMAGED;
        }
        String head = text(bytes, start + HEAD.length(), Math.min(24, body - HEAD.length()));
        return head.startsWith("result\",\"version\":" + VERSION + ",") ? Kind.RESULT
                : head.startsWith("failure\",\"version\":" + VERSION + ",") ? Kind.FAILURE
                : head.startsWith("failure\"") ? Kind.NEWER_FAILURE : Kind.NEWER;
    }

    static String id(byte[] bytes, int start) {
        return text(bytes, start + 7, 16);
    }

    private static String text(byte[] bytes, int start, int length) {
        return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    }

    private static String crc(byte[] bytes, int start, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, start, length);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /** The spec alone, which stands fourth: much faster than the whole row. */
    static Spec spec(String line) {
        int start = line.indexOf(SPEC) + SPEC.length();
        int end = line.indexOf('"', start);
        String text = line.substring(start, end);
        // Escapes are rare; then the slow way is right.
        return Spec.parse(text.indexOf('\\') < 0 ? text : ResultFields.text(members(line), "spec"));
    }

    /** @throws IllegalArgumentException when a member is missing or the spec has fields that this release doesn't know */
    public static Result result(String line) {
        Map<String, String> row = members(line);
        return ResultFields.read(Spec.parse(ResultFields.text(row, "spec")), row);
    }

    static Failure failure(String line) {
        Map<String, String> row = members(line);
        return new Failure(Spec.parse(ResultFields.text(row, "spec")), ResultFields.text(row, "cause"), ResultFields.text(row, "host"),
                Instant.parse(ResultFields.text(row, "when")));
    }

    private static Map<String, String> members(String line) {
        Map<String, String> members = new HashMap<>();
        try (JsonReader json = new JsonReader(new StringReader(line))) {
            json.beginObject();
            while (json.hasNext()) {
                members.put(json.nextName(), json.nextString());
            }
            return members;
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw new IllegalArgumentException("not a row of a store: " + line, e);
        }
    }
}
