package org.espalier.kernel.code;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jdk.jshell.JShell;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;

/**
 * Runs what every notebook begins with. JShell compiles each import by itself and together with all before it, which for forty of them is a
 * third of the kernel's start; several in one text it keeps as one snippet, for the time of one. Where they don't compile together, each is
 * run by itself, and those at fault are named.
 */
public final class StartUp {
    /** JShell knows such a snippet by its first import, and another of the same name would replace it: so that is one that no reader writes. */
    private static final String FIRST = "import static " + StartUp.class.getName() + ".*;";

    private StartUp() { }

    /**
     * Runs imports and declarations in their order.
     *
     * @return what is wrong, by the sources that it is wrong with
     */
    static Map<String, String> run(JShell shell, List<String> sources) {
        int imports = 0;
        while (imports < sources.size() && sources.get(imports).startsWith("import ")) {
            imports++;
        }
        List<String> single = new ArrayList<>(sources.subList(imports, sources.size()));
        if (problem(shell, FIRST + "\n" + String.join("\n", sources.subList(0, imports))).isPresent()) {
            single.addAll(0, sources.subList(0, imports));
        }
        Map<String, String> problems = new LinkedHashMap<>();
        single.forEach(source -> problem(shell, source).ifPresent(what -> problems.put(source, what)));
        return problems;
    }

    private static Optional<String> problem(JShell shell, String source) {
        return shell.eval(source).stream().filter(event -> event.status() == Status.REJECTED).map(SnippetEvent::snippet).findFirst()
                .map(snippet -> shell.diagnostics(snippet).map(one -> one.getMessage(null).lines().findFirst().orElse("")).findFirst().orElse("not valid"));
    }
}
