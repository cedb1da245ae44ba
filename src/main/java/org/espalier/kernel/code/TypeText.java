package org.espalier.kernel.code;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes types as source text that means the same whatever is imported: {@code java.util.List<java.lang.Double>}. */
final class TypeText {
    private static final Pattern WRAPPER = Pattern.compile("\\bREPL\\.\\$JShell\\$\\d+[A-Z]*[.$]");

    private TypeText() { }

    /** A text without the wrapper classes that JShell puts a notebook's declarations into. */
    static String withoutWrappers(String text) {
        return WRAPPER.matcher(text).replaceAll("");
    }

    static boolean ofNotebook(Class<?> type) {
        return type.getName().startsWith("REPL.$JShell$");
    }

    /**
     * The types that a variable can be declared with to hold a value again, the best one first, {@code Object} last.
     *
     * @param declared what the variable was declared as
     * @param value what it holds; may be null
     * @param current whether a class is the one that its name means now
     */
    static List<String> candidates(Type declared, Object value, Predicate<Class<?>> current) {
        Set<String> texts = new LinkedHashSet<>();
        Class<?> raw = raw(declared);
        if (raw.isPrimitive()) {
            return List.of(raw.getName());
        }
        if (current.test(element(raw))) {
            texts.add(of(declared));
            texts.add(of(raw));
        }
        if (value != null) {
            supertypes(value.getClass()).stream().filter(type -> raw.isAssignableFrom(type) || !current.test(element(raw)))
                    .filter(type -> TypeText.isWritable(type) && current.test(element(type))).map(TypeText::of).forEach(texts::add);
        }
        texts.add("java.lang.Object");
        return new ArrayList<>(texts);
    }

    /** What the value is besides its own class: superclasses but Object, then the interfaces that a reader can have named. */
    private static List<Class<?>> supertypes(Class<?> own) {
        List<Class<?>> all = new ArrayList<>();
        if (own.isArray()) {
            supertypes(own.getComponentType()).forEach(type -> all.add(type.arrayType()));
            all.add(Object[].class);
        }
        for (Class<?> type = own.getSuperclass(); type != null && type != Object.class && type != Record.class && type != Enum.class; type = type.getSuperclass()) {
            all.add(type);
        }
        for (Class<?> type = own; type != null; type = type.getSuperclass()) {
            Arrays.stream(type.getInterfaces()).filter(TypeText::ofNotebook).forEach(all::add);
        }
        return all;
    }

    /** Whether a value is of the class that this text names now, or of a subclass. */
    static boolean isNow(Object value, String type, Predicate<Class<?>> current) {
        String raw = type.replaceAll("<.*>", "");
        for (Class<?> own = value.getClass(); own != null; own = own.getSuperclass()) {
            if (Stream.concat(Stream.of(own), Arrays.stream(own.getInterfaces())).anyMatch(one -> current.test(element(one)) && of(one).equals(raw))) {
                return true;
            }
        }
        return false;
    }

    /** A type's text without packages. */
    static String simple(String type) {
        return type.replaceAll("\\b[a-z][\\w]*\\.", "");
    }

    private static boolean isWritable(Class<?> type) {
        return type.getCanonicalName() != null;
    }

    static Class<?> element(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        return element;
    }

    static Class<?> raw(Type type) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        if (type instanceof ParameterizedType parameterized) {
            return raw(parameterized.getRawType());
        }
        return type instanceof GenericArrayType array ? raw(array.getGenericComponentType()).arrayType() : Object.class;
    }

    /** The type as source text. */
    static String of(Type type) {
        if (type instanceof Class<?> plain) {
            String name = plain.getCanonicalName() == null ? plain.getName() : plain.getCanonicalName();
            return withoutWrappers(name);
        }
        if (type instanceof ParameterizedType parameterized) {
            return of(parameterized.getRawType()) + Arrays.stream(parameterized.getActualTypeArguments()).map(TypeText::of)
                    .collect(Collectors.joining(", ", "<", ">"));
        }
        if (type instanceof GenericArrayType array) {
            return of(array.getGenericComponentType()) + "[]";
        }
        if (type instanceof WildcardType wildcard) {
            Type[] lower = wildcard.getLowerBounds();
            Type upper = wildcard.getUpperBounds()[0];
            return lower.length > 0 ? "? super " + of(lower[0]) : upper == Object.class ? "?" : "? extends " + of(upper);
        }
        return "java.lang.Object";
    }
}
