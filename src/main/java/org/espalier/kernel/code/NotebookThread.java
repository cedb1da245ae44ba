package org.espalier.kernel.code;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;

/** The thread that notebook code runs on, cell after cell, until it is left behind. */
final class NotebookThread {
    /**
     * What a snippet gave or threw. Not left to the future, which takes some exceptions for its own.
     *
     * @param unheard whether it ended with an interrupt that nobody in it took notice of
     */
    record Outcome(Object value, Throwable thrown, boolean unheard) { }

    private record Task(long cell, Callable<?> code, CompletableFuture<Outcome> outcome) { }

    private final SynchronousQueue<Task> tasks = new SynchronousQueue<>();
    private volatile boolean left;
    private final Thread thread = new Thread(this::work, "notebook");

    /** @param context class loader of the notebook's classes */
    NotebookThread(ClassLoader context) {
        thread.setDaemon(true);
        thread.setContextClassLoader(context);
        thread.start();
    }

    void run(long cell, Callable<?> code, CompletableFuture<Outcome> outcome) throws InterruptedException {
        tasks.put(new Task(cell, code, outcome));
    }

    /** After what it is at, nothing more will come. */
    void leave() {
        left = true;
        thread.interrupt();
    }

    void interrupt() {
        thread.interrupt();
    }

    private void work() {
        while (!left) {
            Task task;
            try {
                task = tasks.take();
            } catch (InterruptedException e) {
                continue; // An interrupt that came a moment too late for its cell.
            }
            Interruption.enter(task.cell());
            if (!task.outcome().complete(outcome(task.code(), true))) {
                Interruption.forget(task.cell()); // It had been left behind.
            }
        }
    }

    /** @param last whether an interrupt that nobody took notice of ends here */
    Outcome outcome(Callable<?> code, boolean last) {
        Object value = null;
        Throwable thrown = null;
        try {
            value = code.call();
        } catch (InvocationTargetException e) {
            thrown = e.getCause();
        } catch (Throwable e) {
            thrown = e;
        }
        return new Outcome(value, thrown, last && Thread.interrupted());
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }
}
