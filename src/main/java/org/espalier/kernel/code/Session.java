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
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/**
 * A notebook's Java: the declarations and variables of the cells run so far. Knows nothing of Jupyter. Cells are run by one thread at a
 * time; {@link #interrupt()} may come from any.
 */
public final class Session implements AutoCloseable {
    private final NotebookClasses classes;
    private final LocalExecution execution;
    private final JShell shell;
    private final Declarations declarations;
    private final ImportedNames names;
    private final JavaSnippets snippets;
    private volatile boolean running;
    private boolean interruptedBefore;

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
        declarations = new Declarations(shell, classes.variables(), execution, notes);
        names = new ImportedNames(shell, classes.loader(), notes);
        Hints hints = new Hints(shell, declarations, name -> files.get() == null ? List.of() : files.get().named(name));
        snippets = new JavaSnippets(shell, execution, declarations, names, hints, notes);
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
        CellReader reader = reader(cell);
        TypesBelow below = TypesBelow.of(cell, () -> reader(cell), names::isImported);
        List<DeclarationSnippet> declared = new ArrayList<>();
        Optional<Shown> shown = Optional.empty();
        for (Optional<CellPart> piece = reader.next(); piece.isPresent(); piece = reader.next()) {
            requireNoInterrupt();
            if (piece.get() instanceof CellPart.Magic magic) {
                shown = magics.run(cell, magic);
            } else if (piece.get() instanceof CellPart.Java java && !below.isDone(java)) {
                snippets.declareAhead(cell, below.before(java), declared, below);
                shown = snippets.run(cell, java, declared, reader::shorter);
            } else {
                shown = Optional.empty();
            }
        }
        // Code that heard the interrupt may have made the best of it: what it gave is kept, but the cells that wait aren't run.
        requireNoInterrupt();
        declarations.remarkUnresolved(declared);
        return shown;
    }

    private CellReader reader(Cell cell) {
        return new CellReader(analysis(), cell.text(), this::isVariable);
    }

    private static void requireNoInterrupt() throws CellFailure {
        if (Interruption.isRequested()) {
            throw ErrorText.interrupted();
        }
    }

    /** A text with the notebook's classes named as the reader named them. */
    public static String plain(String text) {
        return TypeText.withoutWrappers(text);
    }

    private boolean isVariable(String name) {
        return shell.variables().anyMatch(variable -> variable.name().equals(name));
    }

    /** A value to show; may hold null, which an expression can give. */
    public record Shown(Object value) { }

    /**
     * Runs the imports and declarations that the reader didn't write.
     *
     * @return what is wrong, by the sources that it is wrong with
     */
    public Map<String, String> prepare(List<String> sources) {
        Map<String, String> problems = StartUp.run(shell, sources);
        sources.stream().filter(source -> !problems.containsKey(source)).forEach(names::atStartUp);
        return problems;
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
        return snippets.exitStatus();
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
