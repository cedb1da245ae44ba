package org.espalier.compute;

import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Threads that work side by side, each in an engine that has no others. The one that asks for it is one of them. */
final class Crew implements AutoCloseable {
    /** As many as the engine was told to use; read once, because what it says moves while a crew is at work. */
    static final int THREADS = JniUtils.getNumThreads();

    private final int size;
    private final ExecutorService helpers;

    Crew(int size) {
        this.size = size;
        AtomicInteger number = new AtomicInteger();
        helpers = Executors.newFixedThreadPool(Math.max(1, size - 1), work -> {
            Thread thread = new Thread(() -> alone(work), "share-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    private void part(int member, int tasks, IntConsumer task) {
        for (int number = member; number < tasks; number += size) {
            task.accept(number);
        }
    }

    private static void alone(Runnable work) {
        JniUtils.setNumThreads(1);
        JniUtils.setGradMode(false);
        work.run();
    }

    /** Numbers 0 to {@code tasks} - 1, the same ones by the same thread each time. Returns, or throws, when all are through. */
    void run(int tasks, IntConsumer task) {
        List<Future<?>> others = new ArrayList<>();
        for (int i = 1; i < Math.min(size, tasks); i++) {
            int member = i;
            others.add(helpers.submit(() -> part(member, tasks, task)));
        }
        Throwable failure = null;
        try {
            part(0, tasks, task);
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        boolean interrupted = false;
        for (Future<?> other : others) {
            // Nobody may let go of memory that another still computes with, so an interrupt waits.
            while (true) {
                try {
                    other.get();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    failure = failure == null ? e.getCause() : failure;
                    break;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    @Override
    public void close() {
        helpers.shutdown();
    }
}
