package org.espalier.text;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The text of a value whose class a reader wrote: {@code com.acme.Warm peak=0.2 milestones=10,20}, its class and all its components. Any
 * process that has the class on its class path reads the value back.
 *
 * <p>Only a public record out of a class file or a jar has such a text. A lambda, an anonymous class or a class of a notebook's cell has
 * none: no other process could find it, and two bodies could hide behind one name. Components are of type int, long, double, boolean,
 * String, {@code List<Integer>} or {@code List<Double>}.
 */
public final class ClassText {
    private static final String WORD = "[^\\s;|#]+";

    private ClassText() {
    }

    /** Whether a text's first word is the name of a class: it has a dot, which names of ours never have. */
    public static boolean names(String word) {
        return word.indexOf('.') > 0;
    }

    /**
     * @param given components that stay out of the text because whoever reads it knows them, such as {@code seed}
     * @return empty when the class has no text
     * @throws IllegalArgumentException when a component is of a type, or has a value, that can't stand in a text
     */
    public static Optional<String> of(Object value, String... given) {
        return hasText(value.getClass()) ? Optional.of(text(value, Set.of(given))) : Optional.empty();
    }

    /**
     * @param kind of the value, for the message: "schedule"
     * @throws IllegalStateException when the class has no text
     */
    public static String require(Object value, String kind, String... given) {
        return of(value, given).orElseThrow(() -> unnamed(kind, value.getClass().isSynthetic() || value.getClass().isAnonymousClass()
                ? "without a name" : "of the class " + value.getClass().getName()));
    }

    /**
     * What is thrown where a value without a text is asked for one.
     *
     * @param which follows "a schedule "
     */
    public static IllegalStateException unnamed(String kind, String which) {
        return new IllegalStateException("a " + kind + " " + which + " has no text, and without one no result of it goes into a store, where an edited "
                + "body would be answered by the old result; name it: a public record in a class file or jar on the class path has a text");
    }

    private static boolean hasText(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return type.isRecord() && Modifier.isPublic(type.getModifiers()) && names(type.getName()) && source != null && source.getLocation() != null;
    }

    private static String text(Object value, Set<String> given) {
        CanonicalText text = new CanonicalText(value.getClass().getName());
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            if (!given.contains(component.getName())) {
                Object part = component(value, component);
                requireReadable(component, part);
                text.add(component.getName(), part);
            }
        }
        return text.toString();
    }

    private static void requireReadable(RecordComponent component, Object part) {
        requireKnown(component);
        if (part == null || part instanceof String word && !word.matches(WORD)) {
            throw new IllegalArgumentException(component.getDeclaringRecord().getName() + ": " + component.getName() + " is '" + part
                    + "', and what stands in a text has no space, ';', '|' or '#' and isn't empty");
        }
    }

    /** The value whose text this is, all components of which it says. */
    public static <T> T parse(String text, Class<T> type) {
        return parse(text, type, Map.of());
    }

    /**
     * @param given values for components that the text doesn't say; those that the class doesn't have are left alone
     * @throws IllegalArgumentException when there is no such class, it is none of {@code type}, or its components aren't those of the text. What
     *     is in neither the text nor {@code given} is as the class's public constructor without arguments has it, if there is one
     */
    public static <T> T parse(String text, Class<T> type, Map<String, ?> given) {
        CanonicalText fields = CanonicalText.parse(text);
        Class<? extends T> found = find(fields.name(), type);
        RecordComponent[] components = found.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            String key = components[i].getName();
            boolean said = fields.has(key);
            Object read = read(fields, components[i]);
            values[i] = said ? read : given.containsKey(key) ? given.get(key) : usual(found, components[i], text);
        }
        fields.requireNoneLeft();
        return made(text, found, Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new), values);
    }

    private static <T> Class<? extends T> find(String name, Class<T> type) {
        Class<?> found;
        try {
            ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
            found = Class.forName(name, false, ofThread == null ? ClassText.class.getClassLoader() : ofThread);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalArgumentException("there is no class '" + name + "' on the class path of this process: put the jar with it there, or "
                    + "correct the name" + (name.indexOf('$') < 0 ? " (a class within a class is com.acme.Outer$Inner)" : ""), e);
        }
        if (!type.isAssignableFrom(found) || !hasText(found)) {
            throw new IllegalArgumentException(name + " is " + (type.isAssignableFrom(found) ? "no public record of a class file" : "no "
                    + type.getSimpleName()) + "; what is named in a text is a public record that implements " + type.getName());
        }
        return found.asSubclass(type);
    }

    private static Object read(CanonicalText fields, RecordComponent component) {
        String key = component.getName();
        return switch (requireKnown(component)) {
            case "int" -> fields.number(key, 0);
            case "long" -> fields.longNumber(key, 0);
            case "double" -> fields.real(key, 0);
            case "boolean" -> fields.flag(key, false);
            case "String" -> fields.word(key, "");
            case "List<Integer>" -> fields.numbers(key, List.of());
            default -> fields.reals(key, List.of());
        };
    }

    private static String requireKnown(RecordComponent component) {
        Type type = component.getGenericType();
        String name = type instanceof ParameterizedType list && list.getRawType() == List.class && list.getActualTypeArguments()[0] instanceof Class<?> element
                ? "List<" + element.getSimpleName() + ">" : component.getType().getSimpleName();
        if (!Set.of("int", "long", "double", "boolean", "String", "List<Integer>", "List<Double>").contains(name)) {
            throw new IllegalArgumentException(component.getDeclaringRecord().getName() + ": " + component.getName() + " is of type " + name
                    + "; in a text stand int, long, double, boolean, String, List<Integer> and List<Double>");
        }
        return name;
    }

    private static Object usual(Class<?> found, RecordComponent component, String text) {
        boolean hasDefaults = Arrays.stream(found.getConstructors()).anyMatch(constructor -> constructor.getParameterCount() == 0);
        if (!hasDefaults) {
            throw new IllegalArgumentException("'" + text + "' doesn't say " + component.getName() + "; " + found.getName() + " has "
                    + Arrays.stream(found.getRecordComponents()).map(RecordComponent::getName).collect(Collectors.joining(", ")));
        }
        return component(made(text, found, new Class<?>[0]), component);
    }

    private static <T> T made(String text, Class<T> type, Class<?>[] parameters, Object... values) {
        try {
            Constructor<T> constructor = type.getConstructor(parameters);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("'" + text + "': " + e.getCause().getMessage(), e.getCause());
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' can't be made: " + e.getMessage(), e);
        }
    }

    private static Object component(Object value, RecordComponent component) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(component.getDeclaringRecord().getName() + "." + component.getName() + "() failed: "
                    + (e.getCause() == null ? e : e.getCause()).getMessage(), e);
        }
    }
}
