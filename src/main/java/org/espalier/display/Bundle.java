package org.espalier.display;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One thing to show, in several forms; the reader's program picks the richest that it understands.
 *
 * @param data from MIME type to data, with {@code text/plain} always there
 * @param metadata hints per MIME type, such as an image's width
 */
public record Bundle(Map<String, Object> data, Map<String, Object> metadata) {
    public static final String TEXT = "text/plain";
    public static final String HTML = "text/html";
    public static final String PNG = "image/png";

    public Bundle {
        if (!data.containsKey(TEXT)) {
            throw new IllegalArgumentException("a bundle needs a text/plain form, but has only " + data.keySet());
        }
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
        metadata = Map.copyOf(metadata);
    }

    public static Bundle text(String text) {
        return new Bundle(Map.of(TEXT, text), Map.of());
    }

    public static Bundle of(String type, Object form, String text) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put(type, form);
        data.put(TEXT, text);
        return new Bundle(data, Map.of());
    }

    public String text() {
        return String.valueOf(data.get(TEXT));
    }
}
