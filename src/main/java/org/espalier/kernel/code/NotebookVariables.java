package org.espalier.kernel.code;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a notebook's variables are: each is a static field of a class that JShell made, and of another one whenever JShell compiles it anew.
 * Values go from the former field to the new one; a value that doesn't fit there is set aside until {@link Declarations} finds it a place.
 */
final class NotebookVariables {
    private final Map<String, List<Field>> fields = new HashMap<>();
    private final Map<String, Held> aside = new LinkedHashMap<>();
    private final Map<String, Field> marked = new HashMap<>();

    /**
     * What a variable holds.
     *
     * @param declared its type, as it was declared
     */
    record Held(Type declared, Object value) { }

    /** Takes note of the variables of a class, and of what the class held before that stood in its place, if there was one. */
    void entered(Class<?> type, Class<?> before) {
        Map<String, Held> former = new HashMap<>();
        if (before != null && before != type) {
            for (Field field : before.getDeclaredFields()) {
                if (isVariable(field)) {
                    field.setAccessible(true); // The class itself isn't public.
                    former.put(field.getName(), held(field));
                }
            }
        }
        for (Field field : type.getDeclaredFields()) {
            if (isVariable(field)) {
                field.setAccessible(true);
                List<Field> all = fields.computeIfAbsent(field.getName(), variable -> new ArrayList<>());
                if (!all.contains(field)) {
                    all.add(field);
                }
                Held held = former.get(field.getName());
                if (held != null && !put(field, held)) {
                    aside.put(field.getName(), held);
                }
            }
        }
    }

    // What begins with a $ holds an unnamed result: it is gone with its snippet, and is never declared again.
    private static boolean isVariable(Field field) {
        return Modifier.isStatic(field.getModifiers()) && !Modifier.isFinal(field.getModifiers()) && !field.isSynthetic() && !field.getName().startsWith("$");
    }

    private static Held held(Field field) {
        try {
            return new Held(field.getGenericType(), field.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e); // All of them were made accessible.
        }
    }

    /** Whether the field could take the value; one of another primitive type is no place for it, though Java would convert. */
    private static boolean put(Field field, Held held) {
        Class<?> type = field.getType();
        boolean fits = type.isPrimitive() ? field.getGenericType().equals(held.declared()) : held.value() == null || type.isInstance(held.value());
        try {
            if (fits) {
                field.set(null, held.value());
            }
            return fits;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e); // All of them were made accessible.
        }
    }

    private Optional<Field> last(String variable) {
        List<Field> all = fields.getOrDefault(variable, List.of());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /**
     * Takes note that a class is the one in use: JShell may come back to a class that it loaded long ago.
     *
     * @param carry whether its variables hold what they held in the class in use before
     */
    void inUse(Class<?> type, boolean carry) {
        for (Field own : type.getDeclaredFields()) {
            List<Field> all = fields.getOrDefault(own.getName(), List.of());
            int at = all.indexOf(own);
            if (at >= 0 && at < all.size() - 1) {
                Held held = held(all.get(all.size() - 1));
                Field field = all.remove(at); // Not the one just asked for, which isn't accessible.
                all.add(field);
                if (carry && !put(field, held)) {
                    aside.put(field.getName(), held);
                }
            }
        }
    }

    /** What a variable holds, or held before its class was compiled in a way in which it couldn't hold it any more. */
    Optional<Held> get(String variable) {
        return aside.containsKey(variable) ? Optional.of(aside.get(variable)) : last(variable).map(NotebookVariables::held);
    }

    /** Remembers where each variable is, for {@link #before}. */
    void mark() {
        marked.clear();
        fields.forEach((variable, all) -> marked.put(variable, all.get(all.size() - 1)));
    }

    /** What the field holds now in which the variable was at the last mark. */
    Optional<Held> before(String variable) {
        return Optional.ofNullable(marked.get(variable)).map(NotebookVariables::held);
    }

    /** @return whether the variable's field could take the value */
    boolean set(String variable, Held held) {
        aside.remove(variable);
        return last(variable).map(field -> put(field, held)).orElse(false);
    }

    /** Names of the variables whose values wait for a place. */
    List<String> setAside() {
        return List.copyOf(aside.keySet());
    }

    /** Lets go of a value that was set aside, because its variable has a new one. */
    void forget(String variable) {
        aside.remove(variable);
    }

    /**
     * A variable that is declared again stands in another class. What the former one held would stay in memory for ever; but a lambda that was
     * made then still looks there: it finds what the variable holds now, where that fits.
     */
    void letGoOfEarlier() {
        fields.forEach((variable, all) -> {
            if (all.size() > 1) {
                Object now = held(all.get(all.size() - 1)).value();
                for (Field earlier : all.subList(0, all.size() - 1)) {
                    if (!earlier.getType().isPrimitive()) {
                        put(earlier, new Held(earlier.getGenericType(), earlier.getType().isInstance(now) ? now : null));
                    }
                }
            }
        });
    }
}
