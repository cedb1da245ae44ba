package org.espalier.kernel.code;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.Diag;

/** Names that two imported packages have: which imports of a single class or method would settle what the compiler calls ambiguous. */
final class Ambiguity {
    private static final Pattern TYPE = Pattern.compile(
            "reference to (\\w+) is ambiguous\\s+both \\w+ ([\\w.]+)(?:<[^>]*>)? in [\\w.]+ and \\w+ ([\\w.]+)(?:<[^>]*>)? in .*", Pattern.DOTALL);
    private static final Pattern CALL = Pattern.compile("reference to (\\w+) is ambiguous\\s+both method .+? in ([\\w.]+) and method .+? in ([\\w.]+) match",
            Pattern.DOTALL);

    private Ambiguity() { }

    /**
     * Where a snippet was refused because a name is ambiguous: the imports that would settle it, the best first. Those of the reader's own
     * packages come before those of the start-up.
     *
     * @param startUp packages that the reader didn't import
     */
    static List<String> choices(List<Diag> problems, Set<String> startUp) {
        for (Diag problem : problems) {
            String message = problem.getMessage(Locale.ROOT);
            Matcher type = TYPE.matcher(message);
            Matcher call = CALL.matcher(message);
            if (type.matches()) {
                return ordered(startUp, type.group(2), type.group(3), name -> name.substring(0, Math.max(0, name.lastIndexOf('.'))), name -> "import " + name + ";");
            }
            if (call.matches()) {
                return ordered(startUp, call.group(2), call.group(3), name -> name, name -> "import static " + name + "." + call.group(1) + ";");
            }
        }
        return List.of();
    }

    /** The imports of both, the start-up's last; nothing where neither or both are the start-up's. */
    private static List<String> ordered(Set<String> startUp, String one, String other, UnaryOperator<String> from, UnaryOperator<String> imported) {
        boolean first = startUp.contains(from.apply(one));
        boolean second = startUp.contains(from.apply(other));
        return first == second ? List.of() : first ? List.of(imported.apply(other), imported.apply(one)) : List.of(imported.apply(one), imported.apply(other));
    }
}
