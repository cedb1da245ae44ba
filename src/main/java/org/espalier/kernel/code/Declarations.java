package org.espalier.kernel.code;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.VarSnippet;

/** What becomes of a notebook's declarations when others come: the former ones, their values, and what the user is told about both. */
final class Declarations {
    private final JShell shell;
    private final NotebookClasses classes;
    private final PrintStream notes;

    Declarations(JShell shell, NotebookClasses classes, PrintStream notes) {
        this.shell = shell;
        this.classes = classes;
        this.notes = notes;
    }

    /** JShell forgets a declaration as soon as another of its name comes, even one that then doesn't compile. */
    void restore(List<SnippetEvent> events, Snippet rejected) {
        for (SnippetEvent event : events) {
            if (event.status() == Status.OVERWRITTEN && rejected.equals(event.causeSnippet())) {
                if (event.snippet() instanceof VarSnippet variable) {
                    Object kept = classes.value(variable.name());
                    shell.eval(variable.typeName() + " " + variable.name() + ";");
                    classes.set(variable.name(), kept);
                } else {
                    shell.eval(event.snippet().source());
                }
            }
        }
    }

    /** After a snippet that was accepted: former values can go, and the user learns which variables lost theirs. */
    void settle(List<SnippetEvent> events) {
        classes.letGoOfEarlier();
        List<String> lost = classes.lostVariables();
        lost.addAll(redeclared(events));
        events.stream().filter(event -> event.causeSnippet() == null)
                .forEach(own -> lost.removeIf(name -> own.snippet() instanceof VarSnippet variable && variable.name().equals(name)));
        if (!lost.isEmpty()) {
            notes.println("Note: " + String.join(", ", lost) + " became null, because the class changed. Run the cell that makes it again.");
        }
    }

    /** JShell loses a {@code var} whose class was declared again; it comes back under its type, empty. */
    private List<String> redeclared(List<SnippetEvent> events) {
        List<String> names = new ArrayList<>();
        for (SnippetEvent event : events) {
            if (event.causeSnippet() != null && event.status() == Status.RECOVERABLE_NOT_DEFINED && event.snippet() instanceof VarSnippet variable) {
                shell.eval(variable.typeName() + " " + variable.name() + ";");
                names.add(variable.name());
            }
        }
        return names;
    }

    /** At a cell's end: says which of its declarations can't be used yet. */
    void remarkUnresolved(List<DeclarationSnippet> declared) {
        for (DeclarationSnippet snippet : declared) {
            Status status = shell.status(snippet);
            if (status == Status.RECOVERABLE_DEFINED || status == Status.RECOVERABLE_NOT_DEFINED) {
                String missing = missing(snippet);
                String problem = missing.isEmpty() ? "it doesn't compile yet" : missing + " is not declared yet";
                notes.println("Note: " + snippet.name() + " can't be used yet: " + problem + ".");
            }
        }
    }

    /** What a declaration needs and nobody has declared. */
    String missing(DeclarationSnippet snippet) {
        return String.join(", ", shell.unresolvedDependencies(snippet).toList());
    }
}
