package org.espalier.kernel.code;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Kind;
import jdk.jshell.Snippet.Status;
import jdk.jshell.Snippet.SubKind;
import jdk.jshell.SnippetEvent;
import jdk.jshell.VarSnippet;
import org.espalier.kernel.code.Session.Shown;

/** Runs Java pieces of cells one by one, and tells what came of each: a value, a failure with its place, declarations that have to settle. */
final class JavaSnippets {
    private static final Pattern RETURN = Pattern.compile("(?s)(return\\b)([^;{}]+);?\\s*");

    private final JShell shell;
    private final LocalExecution execution;
    private final Declarations declarations;
    private final ImportedNames names;
    private final PrintStream notes;
    private final SnippetEvaluation evaluation;
    private final Origins origins = new Origins();
    private final Hints hints;
    private final ErrorText errors;
    private OptionalInt exitStatus = OptionalInt.empty();

    JavaSnippets(JShell shell, LocalExecution execution, Declarations declarations, ImportedNames names, Hints hints, PrintStream notes) {
        this.shell = shell;
        this.execution = execution;
        this.declarations = declarations;
        this.names = names;
        this.hints = hints;
        this.notes = notes;
        evaluation = new SnippetEvaluation(shell);
        errors = new ErrorText(origins, hints, declarations);
    }

    /** What notebook code wanted to end the process with, if it did. */
    OptionalInt exitStatus() {
        return exitStatus;
    }

    /** Declares classes before their place comes; one that can't be compiled yet says so in its own place. */
    void declareAhead(Cell cell, List<CellPart.Java> types, List<DeclarationSnippet> declared, TypesBelow below) throws CellFailure {
        for (CellPart.Java type : types) {
            try {
                run(cell, type, declared, piece -> Optional.empty());
                below.done(type);
            } catch (CellFailure e) {
                if (!e.name().equals("CompilationError")) {
                    throw e;
                }
            }
        }
    }

    /**
     * Evaluates a piece and gives its value, if it is an expression without a semicolon.
     *
     * @param declared gets the classes and methods that it declares
     * @param shorter  what of a piece to try in its place where the compiler refuses it
     */
    Optional<Shown> run(Cell cell, CellPart.Java piece, List<DeclarationSnippet> declared, Function<CellPart.Java, Optional<CellPart>> shorter)
            throws CellFailure {
        return evaluated(cell, withoutReturn(piece), declared, shorter);
    }

    private Optional<Shown> evaluated(Cell cell, CellPart.Java piece, List<DeclarationSnippet> declared, Function<CellPart.Java, Optional<CellPart>> shorter)
            throws CellFailure {
        declarations.mark();
        names.before(piece.source(), events -> declarations.settle(events, true));
        declarations.mark();
        List<SnippetEvent> events = evaluation.of(cell, piece);
        // One, but for "int a = 1, b = 2".
        List<SnippetEvent> own = events.stream().filter(one -> one.causeSnippet() == null).toList();
        SnippetEvent event = own.stream().filter(one -> one.status() == Status.REJECTED || one.exception() != null || one.status() != Status.VALID)
                .findFirst().orElse(own.get(0));
        Snippet snippet = event.snippet();
        List<Diag> problems = event.status() == Status.REJECTED ? shell.diagnostics(snippet).toList() : List.of();
        Throwable thrown = execution.takeFailure();
        Object given = execution.takeResult();
        boolean undeclared = snippet instanceof VarSnippet && event.status() != Status.VALID;
        String missing = undeclared && event.status() != Status.REJECTED ? declarations.missing((VarSnippet) snippet) : "";
        if (undeclared && event.status() != Status.REJECTED) {
            shell.drop(snippet);
        }
        declarations.settle(events, !undeclared && problems.isEmpty() && event.exception() == null && thrown == null);
        if (event.status() == Status.REJECTED) {
            Optional<CellPart> some = shorter.apply(piece);
            if (some.isPresent() && some.get() instanceof CellPart.Java first) {
                return run(cell, first, declared, shorter);
            }
            return chosen(cell, piece, declared, shorter, names.choices(problems), errors.compilation(cell, piece.offset(), piece.source(), problems));
        }
        own.forEach(one -> origins.remember(one.snippet(), cell, piece.offset()));
        if (thrown instanceof CellInterrupted || thrown != null && Interruption.isRequested()) {
            throw ErrorText.interrupted();
        }
        if (thrown instanceof ExitRefused exit) {
            exitStatus = OptionalInt.of(exit.status());
            throw ErrorText.plain("SystemExit", exit.getMessage());
        }
        if (event.exception() != null) {
            throw errors.exception(event.exception(), thrown);
        }
        if (undeclared) {
            throw ErrorText.plain("CompilationError", cell.where(piece.offset()) + ": cannot find " + missing + ", which the type of variable "
                    + ((VarSnippet) snippet).name() + " needs" + hints.imports(missing.replaceAll(".*\\s", "")).map(". "::concat).orElse(""));
        }
        if (snippet instanceof DeclarationSnippet declaration && !(snippet instanceof VarSnippet)) {
            declared.add(declaration);
        }
        Optional<Shown> value = value(snippet, given);
        return piece.silent() ? Optional.empty() : value;
    }

    /** {@code return 3;} compiles and shows nothing: what is meant is the value. */
    private CellPart.Java withoutReturn(CellPart.Java piece) {
        Matcher given = RETURN.matcher(piece.source());
        if (!given.matches()) {
            return piece;
        }
        notes.println("Note: a cell's value is its last expression, without return: " + given.group(2).strip());
        return new CellPart.Java(" ".repeat(given.group(1).length()) + given.group(2), piece.offset(), false);
    }

    /** Where a name is ambiguous: imports the class with which the snippet compiles, the reader's own rather than one of the start-up. */
    private Optional<Shown> chosen(Cell cell, CellPart.Java piece, List<DeclarationSnippet> declared,
            Function<CellPart.Java, Optional<CellPart>> shorter, List<String> choices, CellFailure ambiguous) throws CellFailure {
        for (String choice : choices) {
            List<SnippetEvent> made = shell.eval(choice);
            declarations.settle(made, true);
            try {
                Optional<Shown> shown = run(cell, piece, declared, shorter);
                if (!choice.equals(choices.get(0))) {
                    notes.println("Note: of two classes of this name the one was taken with which this compiles, as by " + choice);
                }
                return shown;
            } catch (CellFailure e) {
                if (!e.name().equals("CompilationError")) {
                    throw e;
                }
                declarations.mark();
                made.stream().filter(one -> one.causeSnippet() == null).forEach(one -> declarations.settle(shell.drop(one.snippet()), true));
            }
        }
        throw ambiguous;
    }

    /** What the snippet gave, if it was an expression. Unnamed results aren't kept: they would fill the memory. */
    private Optional<Shown> value(Snippet snippet, Object value) {
        if (snippet instanceof VarSnippet variable && variable.name().startsWith("$")) {
            execution.forget(() -> shell.varValue(variable));
            shell.drop(variable);
            return value == ExpressionValue.NONE ? Optional.empty() : Optional.of(new Shown(value));
        }
        boolean shows = snippet.kind() == Kind.EXPRESSION && snippet.subKind() != SubKind.ASSIGNMENT_SUBKIND;
        return shows ? Optional.of(new Shown(value)) : Optional.empty();
    }
}
