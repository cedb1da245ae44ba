package org.espalier.kernel.code;

import java.io.File;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.execution.LoaderDelegate;
import jdk.jshell.spi.ExecutionControl.ClassBytecodes;
import jdk.jshell.spi.ExecutionControl.ClassInstallException;
import jdk.jshell.spi.ExecutionControl.EngineTerminationException;
import jdk.jshell.spi.ExecutionControl.NotImplementedException;

/**
 * The classes that JShell compiles out of a notebook, and the jars that the notebook added. JShell puts each declaration into a wrapper
 * class {@code REPL.$JShell$7}; when a redefinition can't be done in place it makes {@code REPL.$JShell$7B}, whose variables would start
 * empty: their values are carried over here.
 */
final class NotebookClasses implements LoaderDelegate {
    private static final Pattern WRAPPER = Pattern.compile("(REPL\\.\\$JShell\\$\\d+)[A-Z]*");

    private final Loader loader = new Loader(ClassLoader.getSystemClassLoader());
    private final Map<String, Class<?>> loaded = new HashMap<>();
    private final Map<String, Class<?>> latest = new HashMap<>();
    private final Map<String, List<Field>> variables = new HashMap<>();
    private final Map<String, String> initialisers = new HashMap<>();
    private final Optional<Instrumentation> instrumentation;
    private final List<String> lost = new ArrayList<>();

    NotebookClasses(Optional<Instrumentation> instrumentation) {
        this.instrumentation = instrumentation;
    }

    ClassLoader loader() {
        return loader;
    }

    /** Names of the variables whose values could not be carried over since the last call, because their classes changed. */
    List<String> lostVariables() {
        List<String> names = new ArrayList<>(lost);
        lost.clear();
        return names;
    }

    /** What a variable holds; null also when there is none of that name. */
    Object value(String variable) {
        List<Field> fields = variables.getOrDefault(variable, List.of());
        try {
            return fields.isEmpty() ? null : fields.get(fields.size() - 1).get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e); // All of them were made accessible.
        }
    }

    void set(String variable, Object value) {
        List<Field> fields = variables.getOrDefault(variable, List.of());
        try {
            if (!fields.isEmpty() && value != null) {
                fields.get(fields.size() - 1).set(null, value);
            }
        } catch (IllegalAccessException | IllegalArgumentException e) {
            lost.add(variable);
        }
    }

    @Override
    public void load(ClassBytecodes[] compiled) throws ClassInstallException, NotImplementedException, EngineTerminationException {
        boolean[] done = new boolean[compiled.length];
        try {
            for (ClassBytecodes one : compiled) {
                loader.waiting.put(one.name(), InterruptInstrumenter.instrument(one.bytecodes()));
            }
            for (int i = 0; i < compiled.length; i++) {
                Class<?> type = loader.loadClass(compiled[i].name());
                type.getDeclaredMethods(); // Resolves the types of its signatures, so that a missing one shows up here.
                loaded.put(compiled[i].name(), type);
                done[i] = true;
            }
            for (ClassBytecodes one : compiled) {
                carryVariablesOver(one.name());
                noteVariables(one.name());
                initialisers.put(one.name(), Initialiser.of(one.bytecodes()));
            }
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new ClassInstallException("cannot load " + compiled[0].name() + ": " + e, done);
        }
    }

    private void carryVariablesOver(String name) throws ReflectiveOperationException {
        Matcher wrapper = WRAPPER.matcher(name);
        if (!wrapper.matches()) {
            return;
        }
        Class<?> type = loaded.get(name);
        Class<?> before = latest.put(wrapper.group(1), type);
        if (before == null || before == type) {
            return;
        }
        for (Field old : before.getDeclaredFields()) {
            if (!Modifier.isStatic(old.getModifiers()) || old.isSynthetic()) {
                continue;
            }
            old.setAccessible(true); // The class itself isn't public.
            Object value = old.get(null);
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(old.getName()) && !Modifier.isFinal(field.getModifiers())) {
                    field.setAccessible(true);
                    if (field.getType().equals(old.getType()) || !field.getType().isPrimitive() && field.getType().isInstance(value)) {
                        field.set(null, value);
                    } else if (value != null && !old.getType().isPrimitive()) {
                        lost.add(field.getName());
                    }
                }
            }
        }
    }

    private void noteVariables(String name) {
        if (!WRAPPER.matcher(name).matches()) {
            return;
        }
        for (Field field : loaded.get(name).getDeclaredFields()) {
            int modifiers = field.getModifiers();
            // What begins with a $ holds an unnamed result: it is gone with its snippet, and is never declared again.
            if (Modifier.isStatic(modifiers) && !Modifier.isFinal(modifiers) && !field.isSynthetic() && !field.getName().startsWith("$")) {
                List<Field> fields = variables.computeIfAbsent(field.getName(), variable -> new ArrayList<>());
                if (!fields.contains(field)) {
                    field.setAccessible(true);
                    fields.add(field);
                }
            }
        }
    }

    /**
     * A variable that is declared again stands in another class. What the former one held would stay in memory for ever; but a lambda that was
     * made then still looks there: it finds what the variable holds now, where that fits.
     */
    void letGoOfEarlier() {
        variables.forEach((variable, fields) -> {
            Object now = fields.size() < 2 ? null : value(variable);
            for (Field earlier : fields.subList(0, Math.max(0, fields.size() - 1))) {
                if (!earlier.getType().isPrimitive()) {
                    try {
                        earlier.set(null, earlier.getType().isInstance(now) ? now : null);
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e); // All of them were made accessible.
                    }
                }
            }
        });
    }

    /** Replaces the code of loaded classes in place, as far as the JVM can: same fields, same methods, other bodies. */
    void redefine(ClassBytecodes[] compiled) throws ClassInstallException, NotImplementedException {
        Instrumentation agent = instrumentation.orElseThrow(() -> new NotImplementedException("no agent in this JVM"));
        try {
            ClassDefinition[] definitions = new ClassDefinition[compiled.length];
            for (int i = 0; i < compiled.length; i++) {
                if (!Initialiser.of(compiled[i].bytecodes()).equals(initialisers.get(compiled[i].name()))) {
                    throw new UnsupportedOperationException("static values change, which only a new class computes again");
                }
                definitions[i] = new ClassDefinition(findClass(compiled[i].name()), InterruptInstrumenter.instrument(compiled[i].bytecodes()));
            }
            agent.redefineClasses(definitions);
        } catch (ClassNotFoundException | UnmodifiableClassException | UnsupportedOperationException | LinkageError e) {
            throw new ClassInstallException("cannot redefine in place: " + e, new boolean[compiled.length]);
        }
    }

    @Override
    public void classesRedefined(ClassBytecodes[] compiled) { }

    @Override
    public Class<?> findClass(String name) throws ClassNotFoundException {
        Class<?> type = loaded.get(name);
        if (type == null) {
            throw new ClassNotFoundException(name);
        }
        return type;
    }

    @Override
    public void addToClasspath(String path) {
        for (String entry : path.split(File.pathSeparator)) {
            try {
                loader.add(new File(entry).toURI().toURL());
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException("cannot put " + entry + " on the class path: " + e.getMessage(), e);
            }
        }
    }

    private static final class Loader extends URLClassLoader {
        private final Map<String, byte[]> waiting = new HashMap<>();

        Loader(ClassLoader parent) {
            super("notebook", new URL[0], parent);
        }

        void add(URL url) {
            addURL(url);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] code = waiting.remove(name);
            return code == null ? super.findClass(name) : defineClass(name, code, 0, code.length);
        }
    }
}
