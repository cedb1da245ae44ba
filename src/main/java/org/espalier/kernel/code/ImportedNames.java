package org.espalier.kernel.code;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.TypeParameterTree;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import java.io.PrintStream;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.Diag;
import jdk.jshell.ImportSnippet;
import jdk.jshell.JShell;
import jdk.jshell.MethodSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.TypeDeclSnippet;

/**
 * What simple names mean where several packages have a class of that name. A name that the notebook has used keeps its meaning when a whole
 * package is imported; a new name means the reader's own import rather than one of the start-up; whoever names a single class means it from
 * there on, and what stands above goes on with the former one.
 */
final class ImportedNames {
    private static final Pattern IMPORT = Pattern.compile("import\\s+([\\w.$]+?)(\\.\\*)?\\s*;?\\s*");
    private static final Pattern TYPE = Pattern.compile("(?s)(?:@\\w+(?:\\([^)]*\\))?\\s+|(?:public|protected|private|static|final|abstract|sealed|non-sealed|strictfp)\\s+)*"
            + "(?:class|interface|enum|record|@interface)\\s+(\\w+).*");
    private static final Pattern COMMENT = Pattern.compile("(?s)//[^\\n]*|/\\*.*?\\*/");
    private static final Pattern CAPITAL = Pattern.compile("(?<![\\w.$])[A-Z]\\w*");
    private static final Pattern AMBIGUOUS = Pattern.compile("reference to (\\w+) is ambiguous\\s+both \\w+ ([\\w.]+)(?:<[^>]*>)? in [\\w.]+ and \\w+ ([\\w.]+)(?:<[^>]*>)? in .*", Pattern.DOTALL);

    private static final Pattern STATIC = Pattern.compile("import\\s+static\\s+([\\w.$]+)\\.\\*\\s*;?\\s*");
    private static final Pattern AMBIGUOUS_CALL = Pattern.compile("reference to (\\w+) is ambiguous\\s+both method .+? in ([\\w.]+) and method .+? in ([\\w.]+) match",
            Pattern.DOTALL);

    private final JShell shell;
    private final ClassLoader loader;
    private final PrintStream notes;
    private final Set<String> startUp = new HashSet<>();

    ImportedNames(JShell shell, ClassLoader loader, PrintStream notes) {
        this.shell = shell;
        this.loader = loader;
        this.notes = notes;
    }

    /** Takes note of an import that the reader didn't write. */
    void atStartUp(String source) {
        Matcher whole = IMPORT.matcher(source);
        Matcher members = STATIC.matcher(source);
        if (whole.matches() && whole.group(2) != null) {
            startUp.add(whole.group(1));
        } else if (members.matches()) {
            startUp.add(members.group(1));
        }
    }

    /** Before a snippet is evaluated that may give names another meaning: what has been declared with these names keeps its own. */
    void before(String source, Consumer<List<SnippetEvent>> settle) {
        Consumer<String> evaluate = written -> settle.accept(shell.eval(written));
        String code = COMMENT.matcher(source).replaceAll(" ").strip();
        Matcher one = IMPORT.matcher(code);
        Matcher type = TYPE.matcher(code);
        if (one.matches()) {
            String imported = one.group(1);
            if (one.group(2) != null) {
                pin(imported);
            } else {
                String name = imported.substring(imported.lastIndexOf('.') + 1);
                qualify(name, imported, evaluate);
                drop(declared().filter(snippet -> nameOf(snippet).equals(name)).toList(), settle);
            }
        } else if (type.matches() && declared().noneMatch(snippet -> snippet instanceof TypeDeclSnippet && nameOf(snippet).equals(type.group(1)))) {
            qualify(type.group(1), "", evaluate);
            drop(shell.imports().filter(own -> !own.isStatic() && own.fullname().endsWith("." + type.group(1))).toList(), settle);
        }
    }

    /** A class and an import of the same name would keep everything else from compiling: the later one counts. */
    private void drop(List<? extends Snippet> snippets, Consumer<List<SnippetEvent>> settle) {
        snippets.forEach(snippet -> settle.accept(shell.drop(snippet)));
    }

    /** The names that a whole package would make ambiguous, and which are in use, become imports of their own. */
    private void pin(String added) {
        if (imports(true).contains(added)) {
            return;
        }
        Set<String> single = new HashSet<>();
        imports(false).forEach(name -> single.add(name.substring(name.lastIndexOf('.') + 1)));
        List<String> pinned = new ArrayList<>();
        for (String name : namesInUse()) {
            if (!single.contains(name) && find(added, name).isPresent()) {
                imports(true).stream().map(from -> find(from, name)).flatMap(Optional::stream).findFirst().ifPresent(meaning -> {
                    shell.eval("import " + meaning + ";");
                    pinned.add(name + " stays " + meaning);
                });
            }
        }
        if (!pinned.isEmpty()) {
            notes.println("Note: " + String.join(", ", pinned) + ", since it is used above. An import of the single class chooses the one of "
                    + added + ".");
        }
    }

    /** Writes out which class a name means in the methods and classes that use it, before the name gets another meaning. */
    private void qualify(String name, String added, Consumer<String> evaluate) {
        Optional<String> meaning = meaning(name);
        if (meaning.isEmpty() || meaning.get().equals(added)) {
            return;
        }
        for (Snippet snippet : declared().filter(one -> one instanceof MethodSnippet || one instanceof TypeDeclSnippet).toList()) {
            String written = written(snippet.source(), name, meaning.get());
            if (!written.equals(snippet.source())) {
                evaluate.accept(written);
            }
        }
    }

    static String written(String source, String name, String meaning) {
        if (!Pattern.compile("\\b" + name + "\\b").matcher(source).find()) {
            return source;
        }
        String head = "class $ { ";
        ParsedSource parsed = ParsedSource.of(head + source + " }");
        SourcePositions positions = parsed.comments().getSourcePositions();
        Set<Integer> places = new TreeSet<>();
        boolean[] hidden = {false};
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitIdentifier(IdentifierTree tree, Void nothing) {
                if (tree.getName().contentEquals(name)) {
                    places.add((int) positions.getStartPosition(parsed.unit(), tree) - head.length());
                }
                return null;
            }

            @Override
            public Void visitClass(ClassTree tree, Void nothing) {
                hidden[0] |= tree.getSimpleName().contentEquals(name);
                return super.visitClass(tree, nothing);
            }

            @Override
            public Void visitTypeParameter(TypeParameterTree tree, Void nothing) {
                hidden[0] |= tree.getName().contentEquals(name);
                return super.visitTypeParameter(tree, nothing);
            }
        }.scan(parsed.unit(), null);
        StringBuilder text = new StringBuilder(source);
        List<Integer> backwards = new ArrayList<>(places);
        for (int i = backwards.size() - 1; i >= 0 && !hidden[0]; i--) {
            int at = backwards.get(i);
            if (at >= 0 && source.startsWith(name, at)) {
                text.replace(at, at + name.length(), meaning);
            }
        }
        return text.toString();
    }

    /** The class that a simple name means now, unless it is one of the notebook's own. */
    private Optional<String> meaning(String name) {
        if (declared().anyMatch(snippet -> snippet instanceof TypeDeclSnippet && nameOf(snippet).equals(name))) {
            return Optional.empty();
        }
        Optional<String> single = imports(false).stream().filter(one -> one.endsWith("." + name)).findFirst();
        return single.isPresent() ? single : imports(true).stream().map(from -> find(from, name)).flatMap(Optional::stream).findFirst()
                .or(() -> find("java.lang", name));
    }

    /**
     * Where a snippet was refused because a name is ambiguous: the imports that would settle it, the best first. Those of the reader's own
     * packages come before those of the start-up.
     */
    List<String> choices(List<Diag> problems) {
        for (Diag problem : problems) {
            String message = problem.getMessage(java.util.Locale.ROOT);
            Matcher type = AMBIGUOUS.matcher(message);
            Matcher call = AMBIGUOUS_CALL.matcher(message);
            if (type.matches()) {
                return ordered(type.group(2), type.group(3), name -> name.substring(0, Math.max(0, name.lastIndexOf('.'))), name -> "import " + name + ";");
            }
            if (call.matches()) {
                return ordered(call.group(2), call.group(3), name -> name, name -> "import static " + name + "." + call.group(1) + ";");
            }
        }
        return List.of();
    }

    /** The imports of both, the start-up's last; nothing where neither or both are the start-up's. */
    private List<String> ordered(String one, String other, UnaryOperator<String> from, UnaryOperator<String> imported) {
        boolean first = startUp.contains(from.apply(one));
        boolean second = startUp.contains(from.apply(other));
        return first == second ? List.of() : first ? List.of(imported.apply(other), imported.apply(one)) : List.of(imported.apply(one), imported.apply(other));
    }

    private Set<String> namesInUse() {
        Set<String> names = new TreeSet<>();
        Set<String> own = new HashSet<>();
        declared().forEach(snippet -> {
            if (snippet instanceof TypeDeclSnippet type) {
                own.add(type.name());
            }
            Matcher name = CAPITAL.matcher(COMMENT.matcher(snippet.source()).replaceAll(" "));
            while (name.find()) {
                names.add(name.group());
            }
        });
        names.removeAll(own);
        return names;
    }

    private java.util.stream.Stream<Snippet> declared() {
        return shell.snippets().filter(snippet -> shell.status(snippet).isActive() && !(snippet instanceof ImportSnippet));
    }

    private static String nameOf(Snippet snippet) {
        return snippet instanceof TypeDeclSnippet type ? type.name() : "";
    }

    /** The classes, or the packages, that are imported, the last first. */
    private Set<String> imports(boolean whole) {
        List<String> all = shell.imports().filter(one -> !one.isStatic()).map(ImportSnippet::fullname).filter(name -> name.endsWith(".*") == whole)
                .map(name -> whole ? name.substring(0, name.length() - 2) : name).toList();
        Set<String> backwards = new LinkedHashSet<>();
        for (int i = all.size() - 1; i >= 0; i--) {
            backwards.add(all.get(i));
        }
        return backwards;
    }

    /** The public class of this name in a package, or within a class. */
    private Optional<String> find(String from, String name) {
        for (String binary : List.of(from + "." + name, from + "$" + name)) {
            try {
                Class<?> type = Class.forName(binary, false, loader);
                if (Modifier.isPublic(type.getModifiers())) {
                    return Optional.ofNullable(type.getCanonicalName());
                }
            } catch (ClassNotFoundException | LinkageError e) {
                continue; // Not there.
            }
        }
        return Optional.empty();
    }
}
