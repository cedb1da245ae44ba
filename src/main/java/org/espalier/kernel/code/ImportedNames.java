package org.espalier.kernel.code;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.DeclarationSnippet;
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

    private static final Pattern STATIC = Pattern.compile("import\\s+static\\s+([\\w.$]+)\\.\\*\\s*;?\\s*");

    private final JShell shell;
    private final ClassLoader loader;
    private final PrintStream notes;
    private final Set<String> startUp = new HashSet<>();
    /** Its whole packages, in their order. */
    private final List<String> startUpPackages = new ArrayList<>();

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
            startUpPackages.add(whole.group(1));
        } else if (members.matches()) {
            startUp.add(members.group(1));
        }
    }

    /** Before a snippet is evaluated that may give names another meaning: what has been declared with these names keeps its own. */
    void before(String source, Consumer<List<SnippetEvent>> settle) {
        Consumer<String> evaluate = written -> settle.accept(shell.eval(written));
        String code = COMMENT.matcher(source).replaceAll(" ").strip();
        Matcher one = IMPORT.matcher(code);
        Optional<String> type = typeOf(source);
        if (one.matches()) {
            String imported = one.group(1);
            if (one.group(2) != null) {
                pin(imported);
            } else {
                String name = imported.substring(imported.lastIndexOf('.') + 1);
                qualify(name, imported, evaluate);
                drop(declared().filter(snippet -> nameOf(snippet).equals(name)).toList(), settle);
            }
        } else if (type.isPresent() && !isDeclared(type.get())) {
            List<String> former = qualify(type.get(), "", evaluate);
            drop(shell.imports().filter(own -> !own.isStatic() && own.fullname().endsWith("." + type.get())).toList(), settle);
            if (!former.isEmpty()) {
                notes.println("Note: " + String.join(", ", former) + (former.size() == 1 ? " goes" : " go") + " on with the imported " + type.get()
                        + ". Run the cell above again for this one.");
            }
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

    /** The name of the class that a snippet declares, if it declares one. */
    static Optional<String> typeOf(String source) {
        Matcher type = TYPE.matcher(COMMENT.matcher(source).replaceAll(" ").strip());
        return type.matches() ? Optional.of(type.group(1)) : Optional.empty();
    }

    /** Whether a name means a class of an imported package, or of {@code java.lang}: neither one of the notebook's nor one imported by itself. */
    boolean isImported(String name) {
        return !isDeclared(name) && imports(false).stream().noneMatch(one -> one.endsWith("." + name)) && meaning(name).isPresent();
    }

    private boolean isDeclared(String type) {
        return declared().anyMatch(snippet -> nameOf(snippet).equals(type));
    }

    /**
     * Writes out which class a name means in the methods and classes that use it, before the name gets another meaning. What doesn't compile with
     * the former meaning may have been waiting for the new one.
     *
     * @return the names of those that it changed
     */
    private List<String> qualify(String name, String added, Consumer<String> evaluate) {
        List<String> changed = new ArrayList<>();
        Optional<String> meaning = meaning(name);
        if (meaning.isEmpty() || meaning.get().equals(added)) {
            return changed;
        }
        for (Snippet snippet : declared().filter(one -> one instanceof MethodSnippet || one instanceof TypeDeclSnippet)
                .filter(one -> shell.status(one) == Snippet.Status.VALID).toList()) {
            String written = QualifiedSource.of(snippet.source(), name, meaning.get());
            if (!written.equals(snippet.source())) {
                evaluate.accept(written);
                changed.add(((DeclarationSnippet) snippet).name());
            }
        }
        return changed;
    }

    /** The class that a simple name means now, unless it is one of the notebook's own. */
    private Optional<String> meaning(String name) {
        if (isDeclared(name)) {
            return Optional.empty();
        }
        Optional<String> single = imports(false).stream().filter(one -> one.endsWith("." + name)).findFirst();
        return single.isPresent() ? single : imports(true).stream().map(from -> find(from, name)).flatMap(Optional::stream).findFirst()
                .or(() -> find("java.lang", name));
    }

    /** The imports that would settle what is ambiguous, the best first. */
    List<String> choices(List<Diag> problems) {
        return Ambiguity.choices(problems, startUp);
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
        List<String> all = new ArrayList<>(whole ? startUpPackages : List.of());
        shell.imports().filter(one -> !one.isStatic()).map(ImportSnippet::fullname).filter(name -> name.endsWith(".*") == whole)
                .map(name -> whole ? name.substring(0, name.length() - 2) : name).forEach(all::add);
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
                // Not there.
            }
        }
        return Optional.empty();
    }
}
