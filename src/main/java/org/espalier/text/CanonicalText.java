package org.espalier.text;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The one-line canonical text of a value: a name, then {@code key=value} for each field that differs from its default, runs of numbers as
 * {@code 9*16}. Leaving defaults out means that a new field changes no text that is stored somewhere already.
 */
public final class CanonicalText {
    private final String name;
    private final Map<String, String> fields = new LinkedHashMap<>();
    /** What the reader of this text knows, for the message about what it doesn't. */
    private final Set<String> known = new LinkedHashSet<>();

    public CanonicalText(String name) {
        this.name = name;
    }

    public static CanonicalText parse(String text) {
        String[] words = text.strip().split("\\s+");
        CanonicalText parsed = new CanonicalText(words[0]);
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals < 1 || parsed.fields.put(words[i].substring(0, equals), words[i].substring(equals + 1)) != null) {
                throw new IllegalArgumentException("'" + words[i] + "' in '" + text + "' is no key=value, or is there twice");
            }
        }
        return parsed;
    }

    public String name() {
        return name;
    }

    /** Adds a number, a word, one of several choices or a list of numbers, whatever its usual value. */
    public CanonicalText add(String key, Object value) {
        fields.put(key, value instanceof List<?> list ? runs(list) : value instanceof Enum<?> choice ? word(choice) : value.toString());
        return this;
    }

    /** The same, unless it is the usual. */
    public CanonicalText add(String key, Object value, Object usual) {
        return value.equals(usual) ? this : add(key, value);
    }

    /** The whole number behind {@code prefix} in the name. */
    public int number(String prefix) {
        return whole(name.substring(prefix.length()));
    }

    /** Whether the text says this. */
    public boolean has(String key) {
        return fields.containsKey(key);
    }

    private <T> T field(String key, T usual, Function<String, T> reader) {
        known.add(key);
        String value = fields.remove(key);
        return value == null ? usual : reader.apply(value);
    }

    public int number(String key, int usual) {
        return field(key, usual, this::whole);
    }

    public String word(String key, String usual) {
        return field(key, usual, value -> value);
    }

    public long longNumber(String key, long usual) {
        return field(key, usual, value -> read(value, Long::valueOf, "no whole number"));
    }

    public double real(String key, double usual) {
        return field(key, usual, this::real);
    }

    public boolean flag(String key, boolean usual) {
        return field(key, usual, value -> {
            if (!value.equals("true") && !value.equals("false")) {
                throw new IllegalArgumentException(key + "=" + value + " of " + name + " is neither true nor false");
            }
            return Boolean.valueOf(value);
        });
    }

    public List<Integer> numbers(String key, List<Integer> usual) {
        return field(key, usual, value -> list(value, this::whole));
    }

    public List<Double> reals(String key, List<Double> usual) {
        return field(key, usual, value -> list(value, this::real));
    }

    public <E extends Enum<E>> E choice(String key, Class<E> type, E usual) {
        return field(key, usual, value -> Stream.of(type.getEnumConstants()).filter(constant -> word(constant).equals(value)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(key + "=" + value + " is none of " + Stream.of(type.getEnumConstants())
                        .map(CanonicalText::word).toList())));
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    /** Called when everything known was read. @throws IllegalArgumentException when the text says more than that */
    public void requireNoneLeft() {
        if (!fields.isEmpty()) {
            String unknown = fields.keySet().iterator().next();
            throw new IllegalArgumentException(name + " has no '" + unknown + "'; it has " + (known.isEmpty() ? "no fields" : String.join(", ", known))
                    + Suggestion.of(unknown, known));
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

    private static <T> List<T> list(String value, Function<String, T> number) {
        return value.isEmpty() ? List.of() : Stream.of(value.split(",")).flatMap(part -> run(part, number)).toList();
    }

    private static <T> Stream<T> run(String text, Function<String, T> number) {
        int times = text.indexOf('*');
        if (times < 0) {
            return Stream.of(number.apply(text));
        }
        int count = text.substring(0, times).matches("[0-9]{1,5}") ? Integer.parseInt(text.substring(0, times)) : 0;
        if (count < 1 || count > 10_000) {
            throw new IllegalArgumentException("'" + text + "': a run has 1 to 10,000 numbers");
        }
        return Collections.nCopies(count, number.apply(text.substring(times + 1))).stream();
    }

    private int whole(String text) {
        return read(text, Integer::valueOf, "no whole number");
    }

    private double real(String text) {
        return read(text, Double::valueOf, "no number");
    }

    private <T> T read(String text, Function<String, T> reader, String otherwise) {
        try {
            return reader.apply(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' in the text of " + name + " is " + otherwise, e);
        }
    }

    @Override
    public String toString() {
        return name + fields.entrySet().stream().map(field -> " " + field.getKey() + "=" + field.getValue()).collect(Collectors.joining());
    }
}
