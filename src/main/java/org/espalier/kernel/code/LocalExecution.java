package org.espalier.kernel.code;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import jdk.jshell.execution.DirectExecutionControl;
import org.espalier.kernel.code.NotebookThread.Outcome;

/**
 * Runs what JShell compiled, in this JVM, and keeps the results as the objects that they are (JShell itself hands out strings only).
 *
 * <p>Notebook code runs on one long-lived thread, so that what libraries keep per thread (native thread pools, gradient modes) lives on
 * from cell to cell. A thread that doesn't react to interrupts can be left behind; then the next cell gets a new one.
 */
class LocalExecution extends DirectExecutionControl {
    private static final long INSIST_MILLIS = 2_000;

    private final NotebookClasses classes;
    private NotebookThread runner;
    private Running running;
    private long cell;
    private Object result;
    private boolean forgetting;
    private boolean locating;
    private Throwable failure;

    private record Running(NotebookThread runner, CompletableFuture<Outcome> outcome) { }

    LocalExecution(NotebookClasses classes) {
        super(classes);
        this.classes = classes;
        runner = new NotebookThread(classes.loader());
    }

    /** Begins a new cell: interrupts that came before it don't count any more. */
    synchronized void begin() {
        cell = Interruption.nextCell();
        Interruption.clear();
    }

    /** Ends the cell: what it left running in the background is safe from interrupts. */
    synchronized void end() {
        Interruption.clear();
    }

    /** The value of the snippet or variable that was asked for last; asking again gives null, so that nothing is kept alive here. */
    Object takeResult() {
        Object taken = result;
        result = null;
        return taken;
    }

    /** What the last snippet threw, or null. */
    Throwable takeFailure() {
        Throwable taken = failure;
        failure = null;
        return taken;
    }

    @Override
    public void redefine(ClassBytecodes[] compiled)
            throws ClassInstallException, NotImplementedException, EngineTerminationException {
        classes.redefine(compiled);
    }

    @Override
    protected String invoke(Method snippet) throws Exception {
        result = null;
        failure = null;
        classes.variables().inUse(snippet.getDeclaringClass(), false);
        Outcome outcome = call(() -> snippet.invoke(null));
        result = outcome.value();
        failure = outcome.thrown();
        if (failure != null) {
            throw new InvocationTargetException(failure);
        }
        return "";
    }

    /** Runs something on the notebook's thread, as a part of the current cell. */
    Outcome call(Callable<?> code) throws InterruptedException, ExecutionException {
        if (runner.isCurrent()) {
            return runner.outcome(code, false); // Code that is evaluated by code.
        }
        CompletableFuture<Outcome> future = new CompletableFuture<>();
        synchronized (this) {
            running = new Running(runner, future);
        }
        Outcome outcome;
        try {
            runner.run(cell, code, future);
            outcome = future.get();
        } finally {
            synchronized (this) {
                running = null;
            }
        }
        // What it waited for may have been ended by the interrupt before it began to wait: it isn't done, though nothing was thrown.
        boolean cutShort = outcome.thrown() == null && outcome.unheard() && Interruption.isRequested();
        return cutShort ? new Outcome(null, new CellInterrupted(), true) : outcome;
    }

    /** JShell's way to ask for a variable's value, which it only knows how to name. */
    @Override
    public String varValue(String className, String variable) throws RunException, EngineTerminationException, InternalException {
        try {
            Field field = findClass(className).getDeclaredField(variable);
            field.setAccessible(true);
            if (locating) {
                classes.variables().inUse(field.getDeclaringClass(), true);
            } else if (!forgetting) {
                result = field.get(null);
            } else if (!field.getType().isPrimitive()) {
                field.set(null, null);
            }
            return "";
        } catch (ReflectiveOperationException e) {
            throw new InternalException("no variable " + variable + ": " + e);
        }
    }

    /** Takes note of the class in which the variable is that is asked for meanwhile. */
    void locate(Runnable ask) {
        locating = true;
        try {
            ask.run();
        } finally {
            locating = false;
        }
    }

    /** Empties the variable that is asked for meanwhile, so that its value can be collected. */
    void forget(Runnable ask) {
        forgetting = true;
        try {
            ask.run();
        } finally {
            forgetting = false;
        }
    }

    /** Interrupts the running cell. Harmless when none runs. */
    @Override
    public synchronized void stop() {
        // The notebook's thread comes first: were a thread ended that it waits for, it would find nothing to wait for, and be done.
        if (running != null) {
            running.runner().interrupt();
        }
        Interruption.request(cell);
        Thread again = new Thread(() -> insist(cell), "interrupt");
        again.setDaemon(true);
        again.start();
    }

    /**
     * Some code swallows an interrupt, or it came before the snippet began: it is repeated as long as the same cell runs on. Threads that the
     * cell started have until the end of this to look.
     */
    private void insist(long interrupted) {
        try {
            do {
                Thread.sleep(INSIST_MILLIS);
            } while (interruptAgain(interrupted));
        } catch (InterruptedException e) {
            // Nobody interrupts this thread.
        } finally {
            Interruption.forget(interrupted);
        }
    }

    private synchronized boolean interruptAgain(long interrupted) {
        boolean runs = running != null && cell == interrupted && Interruption.isRequested();
        if (runs) {
            running.runner().interrupt();
        }
        return runs;
    }

    /** Ends the cell although its thread doesn't react: the thread is left behind, and ends at its next turn of a loop. */
    synchronized void abandon() {
        if (running != null) {
            Interruption.stop(cell);
            running.runner().leave();
            runner = new NotebookThread(classes.loader());
            if (!running.outcome().complete(new Outcome(null, new CellInterrupted(), false))) {
                Interruption.forget(cell);
            }
        }
    }
}
