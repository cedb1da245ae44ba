package org.espalier.model.files;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The plain values that lie beside a state dict, as texts: {@code cfg=[10, 20, 40]}, {@code epoch=40}, {@code optimizer=a dict}. */
final class Beside {
    private static final int LONGEST = 4096;
    private static final int MOST = 1000;

    private Beside() {
    }

    /** Of all dicts on the way to it; of two with the same name the nearer one counts. */
    static Map<String, String> texts(StateDicts.Place stateDict) {
        Map<String, String> texts = new LinkedHashMap<>();
        Object inner = stateDict.value();
        for (StateDicts.Place place = stateDict.parent(); place != null; place = place.parent()) {
            if (place.value() instanceof Map<?, ?> dict) {
                for (var entry : dict.entrySet()) {
                    if (entry.getKey() instanceof String name && entry.getValue() != inner && texts.size() < MOST) {
                        texts.putIfAbsent(name, text(entry.getValue()));
                    }
                }
            }
            inner = place.value();
        }
        return texts;
    }

    private static String text(Object value) {
        List<?> items = value instanceof List<?> list ? list : value instanceof Object[] tuple ? Arrays.asList(tuple) : null;
        if (items != null && items.size() <= LONGEST && items.stream().allMatch(item -> plain(item, 100))) {
            String joined = items.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
            return joined.length() <= LONGEST ? joined : "a list";
        }
        if (plain(value, LONGEST)) {
            return String.valueOf(value);
        }
        return items != null ? "a list" : value instanceof Map<?, ?> ? "a dict" : value instanceof StoredTensor ? "a tensor"
                : value instanceof Inert inert ? inert.name() : "an object";
    }

    private static boolean plain(Object value, int longest) {
        return value instanceof Integer || value instanceof Long || value instanceof Double || value instanceof Boolean
                || value instanceof String text && text.length() <= longest;
    }
}
