package org.espalier.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The canonical text of an architecture: a name, then {@code key=value} for what differs from the usual; runs of widths as {@code 9*16}. */
final class ArchitectureText {
    private final String name;
    private final Map<String, String> fields = new LinkedHashMap<>();

    ArchitectureText(String name) {
        this.name = name;
    }

    static ArchitectureText parse(String text) {
        String[] words = text.strip().split("\\s+");
        ArchitectureText parsed = new ArchitectureText(words[0]);
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals < 1 || parsed.fields.put(words[i].substring(0, equals), words[i].substring(equals + 1)) != null) {
                throw new IllegalArgumentException("'" + words[i] + "' in '" + text + "' is no key=value, or is there twice");
            }
        }
        return parsed;
    }

    void add(String key, Object value, Object usual) {
        if (!value.equals(usual)) {
            fields.put(key, value instanceof List<?> list ? runs(list) : value.toString());
        }
    }

    /** The number behind {@code prefix} in the name. */
    int number(String prefix) {
        return parseInt(name.substring(prefix.length()));
    }

    int number(String key, int usual) {
        String value = fields.remove(key);
        return value == null ? usual : parseInt(value);
    }

    List<Integer> list(String key, List<Integer> usual) {
        String value = fields.remove(key);
        return value == null ? usual : Stream.of(value.split(",")).flatMap(this::run).toList();
    }

    <E extends Enum<E>> E choice(String key, Class<E> type, E usual) {
        String value = fields.remove(key);
        return value == null ? usual : Stream.of(type.getEnumConstants())
                .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(value)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(key + "=" + value + " is none of " + List.of(type.getEnumConstants())));
    }

    void requireNoneLeft() {
        if (!fields.isEmpty()) {
            throw new IllegalArgumentException(name + " has no " + fields.keySet());
        }
    }

    private static String runs(List<?> values) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < values.size();) {
            int end = i;
            while (end < values.size() && values.get(end).equals(values.get(i))) {
                end++;
            }
            text.append(i == 0 ? "" : ",").append(end - i > 1 ? (end - i) + "*" : "").append(values.get(i));
            i = end;
        }
        return text.toString();
    }

    private Stream<Integer> run(String text) {
        int times = text.indexOf('*');
        if (times < 0) {
            return Stream.of(parseInt(text));
        }
        int count = parseInt(text.substring(0, times));
        if (count > 10_000) {
            throw new IllegalArgumentException(count + " equal widths in '" + text + "' are more than any network has");
        }
        return Collections.nCopies(count, parseInt(text.substring(times + 1))).stream();
    }

    private int parseInt(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' in the text of " + name + " is no whole number", e);
        }
    }

    @Override
    public String toString() {
        return name + fields.entrySet().stream().map(field -> " " + field.getKey() + "=" + field.getValue()).collect(Collectors.joining());
    }
}
