package org.espalier.kernel.code;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.Diag;
import jdk.jshell.JShell;

/** What a reader can do about a compile error. */
final class Hints {
    private static final Pattern SYMBOL = Pattern.compile("symbol:\\s+(?:class|variable) (\\w+)");
    private static final Pattern OF_A_VALUE = Pattern.compile("location:\\s+variable (\\w+) of type (?:java\\.lang\\.)?Object");
    private static final Pattern OF_OURS = Pattern.compile("location:\\s+(?:variable \\w+ of type|class|interface) (org\\.espalier\\.[a-z.]+\\.([A-Z]\\w*))");
    private static final Pattern NO_PACKAGE = Pattern.compile("package ([\\w.]+) does not exist");
    private static final Pattern AMBIGUOUS = Pattern.compile("both \\w+ ([\\w.]+)(?:<[^>]*>)? in [\\w.]+ and \\w+ ([\\w.]+)");
    private static final int IMPORTS = 3;

    private final JShell shell;
    private final Declarations declarations;
    private final Function<String, List<String>> classes;

    /** @param classes the classes of a simple name on the class path */
    Hints(JShell shell, Declarations declarations, Function<String, List<String>> classes) {
        this.shell = shell;
        this.classes = classes;
        this.declarations = declarations;
    }

    Optional<String> about(Diag problem, String source) {
        String message = problem.getMessage(Locale.ROOT);
        String code = source.strip();
        if (code.startsWith("package ")) {
            return Optional.of("Cells stand in no package: leave this line out. A class in a package comes from a jar or folder, by %classpath");
        }
        Matcher former = OF_A_VALUE.matcher(message);
        if (former.find() && declarations.former(former.group(1)).isPresent()) {
            return Optional.of(former.group(1) + " holds a " + declarations.former(former.group(1)).get()
                    + " of before that class was declared again. Run the cell that makes it again");
        }
        Matcher both = AMBIGUOUS.matcher(message);
        if (message.startsWith("reference to") && both.find()) {
            return Optional.of("Say which one is meant: import " + both.group(1) + "; or import " + both.group(2) + ";");
        }
        Matcher ours = OF_OURS.matcher(message);
        if (ours.find()) {
            return Optional.of(ours.group(2) + " is " + ours.group(1) + " here; a class " + ours.group(2) + " of your own stands in the same cell, or in one above");
        }
        Matcher symbol = SYMBOL.matcher(message);
        if (message.startsWith("cannot find symbol") && symbol.find()) {
            return imports(symbol.group(1));
        }
        Matcher nowhere = NO_PACKAGE.matcher(message);
        if (nowhere.find()) {
            Optional<String> own = imports(nowhere.group(1));
            return own.isPresent() || !code.startsWith("import") ? own
                    : Optional.of("A library comes by %maven group:artifact:version, or by %classpath path/to.jar");
        }
        return Optional.empty();
    }

    /** Imports that would make the name known; the JDK's and the most usual packages come first. */
    Optional<String> imports(String name) {
        if (name.length() < 2 || !Character.isUpperCase(name.charAt(0))) {
            return Optional.empty();
        }
        Set<String> all = new LinkedHashSet<>(classes.apply(name));
        all.addAll(shell.sourceCodeAnalysis().listQualifiedNames(name, name.length()).getNames());
        all.addAll(ofJdk(name));
        List<String> found = new ArrayList<>(all);
        found.removeIf(one -> one.startsWith("REPL.") || one.contains(".internal.") || one.contains(".impl.") || one.startsWith("sun.") || one.contains(".shaded."));
        found.sort(Comparator.comparing(Hints::rank).thenComparing(String::length).thenComparing(Comparator.naturalOrder()));
        return found.isEmpty() ? Optional.empty() : Optional.of("Is it this one? "
                + found.stream().limit(IMPORTS).map(one -> "import " + one + ";").collect(Collectors.joining(" or ")));
    }

    /** Classes of the JDK's packages; JShell's own index of them may still be in the making. */
    private static List<String> ofJdk(String name) {
        return ModuleLayer.boot().modules().stream().filter(module -> module.getName() != null && module.getName().startsWith("java."))
                .flatMap(module -> module.getPackages().stream().filter(module::isExported)).map(one -> one + "." + name)
                .filter(Hints::exists).toList();
    }

    private static boolean exists(String type) {
        try {
            return java.lang.reflect.Modifier.isPublic(Class.forName(type, false, Hints.class.getClassLoader()).getModifiers());
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private static int rank(String name) {
        return name.startsWith("java.util.") || name.startsWith("java.io.") || name.startsWith("java.nio.") ? 0 : name.startsWith("java.") ? 1
                : name.startsWith("org.espalier.") || name.startsWith("tech.tablesaw.") ? 2 : name.startsWith("javax.") || name.startsWith("ai.djl.") ? 3 : 4;
    }
}
