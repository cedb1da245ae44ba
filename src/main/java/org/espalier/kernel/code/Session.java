package org.espalier.kernel.code;

import java.io.PrintStream;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
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
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.VarSnippet;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/**
 * A notebook's Java: the declarations and variables of the cells run so far. Knows nothing of Jupyter. Cells are run by one thread at a
 * time; {@link #interrupt()} may come from any.
 */
public final class Session implements AutoCloseable {
    private static final Pattern RETURN = Pattern.compile("(?s)(return\\b)([^;{}]+);?\\s*");

    private final NotebookClasses classes;
    private final LocalExecution execution;
    private final JShell shell;
    private final Declarations declarations;
    private final ImportedNames names;
    private final PrintStream notes;
    private final Origins origins = new Origins();
    private final Hints hints;
    private final ErrorText errors;
    private final SnippetEvaluation evaluation;
    private volatile boolean running;
    private boolean interruptedBefore;
    private OptionalInt exitStatus = OptionalInt.empty();

    /** What runs a line magic; its value, if it has one, is shown like an expression's. */
    public interface MagicRunner {
        Optional<Shown> run(Cell cell, CellPart.Magic magic) throws CellFailure;
    }

    /**
     * A session whose code may use what is on this JVM's class path.
     *
     * @param notes where remarks for the user go, such as a method that can't be called yet
     */
    public Session(Optional<Instrumentation> agent, PrintStream notes) {
        classes = new NotebookClasses(agent);
        execution = new LocalExecution(classes);
        AtomicReference<ClassPathFiles> files = new AtomicReference<>();
        shell = JShell.builder()
                .executionEngine(new InThisJvm(execution), Map.of())
                .fileManager(standard -> {
                    files.set(new ClassPathFiles(standard));
                    return files.get();
                })
                .compilerOptions("-proc:none", "-parameters")
                .build();
        evaluation = new SnippetEvaluation(shell);
        declarations = new Declarations(shell, classes.variables(), execution, notes);
        names = new ImportedNames(shell, classes.loader(), notes);
        hints = new Hints(shell, declarations, name -> files.get() == null ? List.of() : files.get().named(name));
        errors = new ErrorText(origins, hints, declarations);
        this.notes = notes;
    }

    private record InThisJvm(LocalExecution execution) implements ExecutionControlProvider {
        @Override
        public String name() {
            return "espalier";
        }

        @Override
        public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
            return execution;
        }
    }

    /**
     * Runs the pieces of a cell, one after the other, up to the first that fails.
     *
     * @return the value of the last piece, if that is an expression without a semicolon or a magic with a value
     */
    public Optional<Shown> run(Cell cell, MagicRunner magics) throws CellFailure {
        begin();
        try {
            return pieces(cell, magics);
        } finally {
            end();
        }
    }

    /** Makes something of a value in the notebook's own thread, since a value's own code may run for long: it can be interrupted like a cell. */
    public <T> T show(Object value, Function<Object, T> view) throws CellFailure {
        begin();
        try {
            AtomicReference<T> made = new AtomicReference<>();
            Throwable thrown = execution.call(() -> {
                made.set(view.apply(value));
                return null;
            }).thrown();
            if (thrown instanceof CellInterrupted || thrown != null && Interruption.isRequested()) {
                throw ErrorText.interrupted();
            }
            if (thrown != null) {
                throw ErrorText.plain(thrown.getClass().getName(), String.valueOf(thrown.getMessage()));
            }
            return made.get();
        } catch (InterruptedException | ExecutionException e) {
            throw ErrorText.plain(e.getClass().getName(), String.valueOf(e.getMessage()));
        } finally {
            end();
        }
    }

    private void begin() {
        execution.begin();
        interruptedBefore = false;
        running = true;
    }

    private void end() {
        running = false;
        execution.end();
        execution.takeResult();
        execution.takeFailure();
    }

    /** Runs more code as a part of the running cell: what a magic stands for, or what code evaluates. */
    public Optional<Shown> within(Cell cell, MagicRunner magics) throws CellFailure {
        return pieces(cell, magics);
    }

    private Optional<Shown> pieces(Cell cell, MagicRunner magics) throws CellFailure {
        CellReader reader = new CellReader(analysis(), cell.text(), this::isVariable);
        List<DeclarationSnippet> declared = new ArrayList<>();
        Optional<Shown> shown = Optional.empty();
        for (Optional<CellPart> piece = reader.next(); piece.isPresent(); piece = reader.next()) {
            if (Interruption.isRequested()) {
                throw ErrorText.interrupted();
            }
            if (piece.get() instanceof CellPart.Java java) {
                shown = java(cell, withoutReturn(java), declared, reader);
            } else if (piece.get() instanceof CellPart.Magic magic) {
                shown = magics.run(cell, magic);
            }
        }
        declarations.remarkUnresolved(declared);
        return shown;
    }

    /** A text with the notebook's classes named as the reader named them. */
    public static String plain(String text) {
        return TypeText.withoutWrappers(text);
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

    private boolean isVariable(String name) {
        return shell.variables().anyMatch(variable -> variable.name().equals(name));
    }

    /** A value to show; may hold null, which an expression can give. */
    public record Shown(Object value) { }

    private Optional<Shown> java(Cell cell, CellPart.Java piece, List<DeclarationSnippet> declared, CellReader reader) throws CellFailure {
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
            Optional<CellPart> shorter = reader.shorter(piece);
            if (shorter.isPresent() && shorter.get() instanceof CellPart.Java first) {
                return java(cell, first, declared, reader);
            }
            return chosen(cell, piece, declared, reader, names.choices(problems), errors.compilation(cell, piece.offset(), piece.source(), problems));
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

    /** Where a name is ambiguous: imports the class with which the snippet compiles, the reader's own rather than one of the start-up. */
    private Optional<Shown> chosen(Cell cell, CellPart.Java piece, List<DeclarationSnippet> declared, CellReader reader, List<String> choices,
            CellFailure ambiguous) throws CellFailure {
        for (String choice : choices) {
            List<SnippetEvent> made = shell.eval(choice);
            declarations.settle(made, true);
            try {
                Optional<Shown> shown = java(cell, piece, declared, reader);
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

    /** Runs a declaration or import of the start-up; gives what is wrong with it, if something is. */
    public Optional<String> prepare(String source) {
        names.atStartUp(source);
        for (SnippetEvent event : shell.eval(source)) {
            if (event.status() == Status.REJECTED) {
                return Optional.of(shell.diagnostics(event.snippet()).map(d -> d.getMessage(null).lines().findFirst().orElse(""))
                        .findFirst().orElse("not valid"));
            }
        }
        return Optional.empty();
    }

    /**
     * Stops the running cell. The second call for the same cell leaves the cell's thread behind, if it stays deaf (native code, or library
     * code that ignores interrupts); it then goes on in the background.
     */
    public void interrupt() {
        if (!running) {
            return;
        }
        if (interruptedBefore) {
            execution.abandon();
        }
        interruptedBefore = true;
        execution.stop();
    }

    /** Whether the running cell shall end; for magics that take long. */
    public boolean isInterrupted() {
        return Interruption.isRequested();
    }

    /** What notebook code wanted to end the process with, if it did. */
    public OptionalInt exitStatus() {
        return exitStatus;
    }

    /** What a variable holds; for lists of variables. */
    public Object valueOf(String variable) {
        return declarations.value(variable);
    }

    /** The class loader of the notebook's classes and of the jars that were added. */
    public ClassLoader classLoader() {
        return classes.loader();
    }

    public void addToClassPath(Path path) {
        shell.addToClasspath(path.toString());
    }

    public SourceCodeAnalysis analysis() {
        return shell.sourceCodeAnalysis();
    }

    public JShell shell() {
        return shell;
    }

    @Override
    public void close() {
        shell.close();
    }
}
