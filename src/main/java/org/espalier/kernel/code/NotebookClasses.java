package org.espalier.kernel.code;

import java.io.File;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.HashMap;
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
 * empty: {@link NotebookVariables} carries their values over.
 */
final class NotebookClasses implements LoaderDelegate {
    private static final Pattern WRAPPER = Pattern.compile("(REPL\\.\\$JShell\\$\\d+)[A-Z]*");

    private final Loader loader = new Loader(ClassLoader.getSystemClassLoader());
    private final Map<String, Class<?>> loaded = new HashMap<>();
    private final Map<String, Class<?>> latest = new HashMap<>();
    private final NotebookVariables variables = new NotebookVariables();
    private final Map<String, String> initialisers = new HashMap<>();
    private final Optional<Instrumentation> instrumentation;

    NotebookClasses(Optional<Instrumentation> instrumentation) {
        this.instrumentation = instrumentation;
    }

    ClassLoader loader() {
        return loader;
    }

    NotebookVariables variables() {
        return variables;
    }

    @Override
    @SuppressWarnings("ReturnValueIgnored")
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
                initialisers.put(one.name(), Initialiser.of(one.bytecodes()));
            }
        } catch (ClassNotFoundException | LinkageError e) {
            throw new ClassInstallException("cannot load " + compiled[0].name() + ": " + e, done);
        }
    }

    private void carryVariablesOver(String name) {
        Matcher wrapper = WRAPPER.matcher(name);
        if (wrapper.matches()) {
            Class<?> type = loaded.get(name);
            variables.entered(type, latest.put(wrapper.group(1), type));
        }
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
            setDefaultAssertionStatus(true);
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
