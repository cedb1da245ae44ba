package org.espalier.text;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Names of one kind of value, each with what reads the rest of its text. A name with a dot is that of a class on the class path, which needs
 * no entry here.
 *
 * @param kind in the singular, for messages: "schedule"
 */
public record Registry<T>(String kind, Class<T> type, Map<String, Function<CanonicalText, ? extends T>> known) {

    public Registry {
        known = Collections.unmodifiableMap(new LinkedHashMap<>(known));
    }

    public static <T> Registry<T> of(String kind, Class<T> type) {
        return new Registry<>(kind, type, Map.of());
    }

    /** These and one more. @throws IllegalArgumentException when the name is taken, or has a dot */
    public Registry<T> with(String name, Function<CanonicalText, ? extends T> reader) {
        if (known.containsKey(name) || ClassText.names(name)) {
            throw new IllegalArgumentException("'" + name + "' can't name a " + kind + ": it is taken, or has a dot as only a class has it");
        }
        Map<String, Function<CanonicalText, ? extends T>> more = new LinkedHashMap<>(known);
        more.put(name, reader);
        return new Registry<>(kind, type, more);
    }

    /** @throws IllegalArgumentException that names what is known when the name or a field isn't */
    public T parse(String text) {
        return parse(text, Map.of());
    }

    /** @param given values of components that a class may have and its text needn't, such as {@code seed} */
    public T parse(String text, Map<String, ?> given) {
        CanonicalText fields = CanonicalText.parse(text);
        if (ClassText.names(fields.name())) {
            return ClassText.parse(text, type, given);
        }
        Function<CanonicalText, ? extends T> reader = known.get(fields.name());
        if (reader == null) {
            throw new IllegalArgumentException("'" + fields.name() + "' is no " + kind + "; known are " + String.join(", ", known.keySet())
                    + ", and classes of yours by their full name" + Suggestion.of(fields.name(), known.keySet()));
        }
        T value = reader.apply(fields);
        fields.requireNoneLeft();
        return value;
    }
}
