package org.espalier.kernel.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import jdk.jshell.Diag;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;

/** Hands snippets to JShell in the form in which it takes them best; what it refuses, once more in a form that it takes, where one is known. */
final class SnippetEvaluation {
    private final JShell shell;
    private final Expressions expressions = new Expressions();

    SnippetEvaluation(JShell shell) {
        this.shell = shell;
    }

    /** The JDK's compiler isn't free of faults: some snippets, such as {@code var d = d;}, break it. The session goes on. */
    List<SnippetEvent> of(Cell cell, CellPart.Java piece) throws CellFailure {
        try {
            return evaluate(ForeignSource.own(piece.source()));
        } catch (RuntimeException | InternalError e) {
            throw ErrorText.plain("CompilationError", cell.where(piece.offset()) + ": the JDK's own compiler fails at this (" + e
                    + "). Does it use a name in its own declaration?");
        }
    }

    /** Expressions go in as variables of type Object; where that can't be compiled, as they are. */
    private List<SnippetEvent> evaluate(String source) {
        Optional<Expressions.Declaration> variable = expressions.asVariable(source);
        if (variable.isPresent()) {
            List<SnippetEvent> events = shell.eval(variable.get().source());
            if (events.stream().noneMatch(event -> event.status() != Status.VALID && event.causeSnippet() == null)) {
                return events;
            }
            events.stream().map(SnippetEvent::snippet).filter(snippet -> shell.status(snippet).isActive()).forEach(shell::drop);
        }
        List<SnippetEvent> events = shell.eval(source);
        List<SnippetEvent> amended = amended(source, events).map(shell::eval).orElse(events);
        if (amended == events || amended.stream().anyMatch(event -> event.status() == Status.REJECTED)) {
            return events;
        }
        List<SnippetEvent> both = new ArrayList<>(amended);
        events.stream().filter(event -> event.causeSnippet() != null).forEach(both::add);
        return both;
    }

    /** What the compiler refused, as it takes it, where that is known. */
    private Optional<String> amended(String source, List<SnippetEvent> events) {
        List<Diag> problems = events.stream().filter(event -> event.status() == Status.REJECTED).flatMap(event -> shell.diagnostics(event.snippet())).toList();
        if (problems.stream().anyMatch(problem -> RecordConstructors.isCause(problem.getCode()))) {
            return RecordConstructors.made(source);
        }
        return problems.isEmpty() ? Optional.empty() : ForeignSource.withDisplayIds(source, problems.get(0).getMessage(Locale.ROOT));
    }
}
