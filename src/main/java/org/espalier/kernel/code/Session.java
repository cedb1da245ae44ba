package org.espalier.kernel.code;

import java.io.PrintStream;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jdk.jshell.DeclarationSnippet;
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
    /** How many unnamed results ({@code $1}, {@code $2}...) stay usable. All of them would keep every large result in memory. */
    static final int KEPT_RESULTS = 5;

    private final NotebookClasses classes;
    private final Execution execution;
    private final JShell shell;
    private final Origins origins = new Origins();
    private final ErrorText errors = new ErrorText(origins);
    private final Deque<VarSnippet> unnamed = new ArrayDeque<>();
    private final PrintStream notes;
    private volatile boolean running;
    private boolean interruptedBefore;

    /** What runs a line magic; its value, if it has one, is shown like an expression's. */
    public interface Magics {
        Optional<Shown> run(Cell cell, Piece.Magic magic) throws CellFailure;
    }

    /**
     * @param classPath what notebook code may use
     * @param notes where remarks for the user go, such as a method that can't be called yet
     */
    public Session(Optional<Instrumentation> agent, String classPath, PrintStream notes) {
        this.notes = notes;
        classes = new NotebookClasses(agent);
        execution = new Execution(classes);
        shell = JShell.builder()
                .executionEngine(new InThisJvm(execution), Map.of())
                .compilerOptions("-classpath", classPath, "-proc:none", "-parameters")
                .build();
    }

    private record InThisJvm(Execution execution) implements ExecutionControlProvider {
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
    public Optional<Shown> run(Cell cell, Magics magics) throws CellFailure {
        execution.begin(cell.number());
        running = true;
        interruptedBefore = false;
        try {
            return pieces(cell, magics);
        } finally {
            running = false;
            execution.end();
            execution.takeResult();
            execution.takeFailure();
        }
    }

    /** Runs code on behalf of a magic, within the cell that the magic stands in. */
    public Optional<Shown> within(Cell cell, String code, Magics magics) throws CellFailure {
        return pieces(new Cell(cell.number(), code), magics);
    }

    private Optional<Shown> pieces(Cell cell, Magics magics) throws CellFailure {
        CellReader reader = new CellReader(analysis(), cell.text());
        List<DeclarationSnippet> declared = new ArrayList<>();
        Optional<Shown> shown = Optional.empty();
        for (Optional<Piece> piece = reader.next(); piece.isPresent(); piece = reader.next()) {
            if (Interruption.isRequested()) {
                throw ErrorText.interrupted();
            }
            if (piece.get() instanceof Piece.Java java) {
                shown = java(cell, java, declared, reader);
            } else if (piece.get() instanceof Piece.Magic magic) {
                shown = magics.run(cell, magic);
            }
        }
        remarkUnresolved(declared);
        return shown;
    }

    /** A value to show; may hold null, which an expression can give. */
    public record Shown(Object value) { }

    private Optional<Shown> java(Cell cell, Piece.Java piece, List<DeclarationSnippet> declared, CellReader reader) throws CellFailure {
        Optional<Shown> shown = Optional.empty();
        for (SnippetEvent event : shell.eval(piece.source())) {
            if (event.causeSnippet() != null) {
                continue;
            }
            Snippet snippet = event.snippet();
            origins.remember(snippet, cell, piece.offset());
            if (event.status() == Status.REJECTED) {
                Optional<Piece> shorter = reader.shorter(piece);
                if (shorter.isPresent() && shorter.get() instanceof Piece.Java first) {
                    return java(cell, first, declared, reader);
                }
                throw errors.compilation(cell, piece.offset(), piece.source(), shell.diagnostics(snippet).toList());
            }
            Throwable thrown = execution.takeFailure();
            if (thrown instanceof CellInterrupted || thrown != null && Interruption.isRequested()) {
                throw ErrorText.interrupted();
            }
            if (event.exception() != null) {
                throw errors.exception(event.exception(), thrown);
            }
            if (snippet instanceof VarSnippet variable && event.status() != Status.VALID) {
                String missing = String.join(", ", shell.unresolvedDependencies(variable).toList());
                shell.drop(variable);
                throw ErrorText.plain("CompilationError", "In[" + cell.number() + "] line " + cell.lineAt(piece.offset())
                        + ": cannot find " + missing + ", which the type of variable " + variable.name() + " needs");
            }
            if (snippet instanceof DeclarationSnippet declaration && !(snippet instanceof VarSnippet)) {
                declared.add(declaration);
            }
            if (snippet.kind() == Kind.EXPRESSION || snippet.subKind() == SubKind.TEMP_VAR_EXPRESSION_SUBKIND) {
                Object value = execution.takeResult();
                if (!piece.silent() && snippet.subKind() != SubKind.ASSIGNMENT_SUBKIND) {
                    shown = Optional.of(new Shown(value));
                }
            }
            if (snippet instanceof VarSnippet variable && snippet.subKind() == SubKind.TEMP_VAR_EXPRESSION_SUBKIND) {
                keep(variable);
            }
        }
        List<String> lost = classes.lostVariables();
        if (!lost.isEmpty()) {
            notes.println("Note: " + String.join(", ", lost) + " became null, because the class changed. Run the cell that makes it again.");
        }
        return shown;
    }

    private void keep(VarSnippet result) {
        unnamed.add(result);
        if (unnamed.size() > KEPT_RESULTS) {
            VarSnippet old = unnamed.remove();
            if (analysis().dependents(old).isEmpty()) {
                execution.forget(() -> shell.varValue(old));
                shell.drop(old);
            }
        }
    }

    private void remarkUnresolved(List<DeclarationSnippet> declared) {
        for (DeclarationSnippet snippet : declared) {
            Status status = shell.status(snippet);
            if (status == Status.RECOVERABLE_DEFINED || status == Status.RECOVERABLE_NOT_DEFINED) {
                String missing = String.join(", ", shell.unresolvedDependencies(snippet).toList());
                String problem = missing.isEmpty() ? "it doesn't compile yet" : missing + " is not declared yet";
                notes.println("Note: " + snippet.name() + " can't be used yet: " + problem + ".");
            }
        }
    }

    /** Runs a declaration or import of the start-up; gives what is wrong with it, if something is. */
    public Optional<String> prepare(String source) {
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
