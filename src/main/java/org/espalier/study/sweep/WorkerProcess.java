package org.espalier.study.sweep;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import org.espalier.study.Result;
import org.espalier.study.store.Row;
import org.espalier.study.store.UnwritableException;

/**
 * Work that a {@link Worker} process does. The process is started when it is first needed, and again after it died: a death costs the job that
 * it was at, and nothing else.
 */
final class WorkerProcess implements JobRunner {
    /** No line, so that none can be taken for it. */
    private static final String END = "\n";
    private static final String UNFIT = "unfit ";
    private static final int LAST_WORDS = 8;
    private static final long MERCY_MILLIS = 2_000;

    private final ProcessBuilder command;
    private final Deque<String> lastWords = new ArrayDeque<>();
    private BlockingQueue<String> answers;
    private Process process;

    WorkerProcess(ProcessBuilder command) {
        this.command = command;
    }

    @Override
    public List<Result> run(Job job, DoubleConsumer progress) throws InterruptedException {
        boolean answered = false;
        try {
            if (process == null || !process.isAlive()) {
                startWithPatience();
            }
            ask(job);
            List<Result> results = new ArrayList<>();
            String answer = answer();
            while (!answer.equals("done") && !answer.startsWith("failed ")) {
                if (answer.startsWith("share ")) {
                    progress.accept(Double.parseDouble(answer.substring(6)));
                } else if (answer.startsWith("row ")) {
                    results.add(Row.result(answer.substring(4)));
                } else if (answer.startsWith("unwritable ")) {
                    throw new UnwritableException(answer.substring(11));
                } else if (answer.startsWith(UNFIT)) {
                    throw unfit(answer, null);
                } else {
                    throw new IllegalStateException("a worker said what nobody understands: " + answer);
                }
                answer = answer();
            }
            answered = true;
            if (answer.startsWith("failed ")) {
                throw new IllegalStateException(answer.substring(7));
            }
            return results;
        } finally {
            // Whoever was left in the middle of a job can't be given another one.
            if (!answered) {
                close();
            }
        }
    }

    /** A process may be killed while it starts, as any other may; one that dies twice before it could work has no run to blame. */
    private void startWithPatience() throws InterruptedException {
        try {
            start();
        } catch (IllegalStateException died) {
            try {
                start();
            } catch (IllegalStateException again) {
                throw unfit(again.getMessage(), again);
            }
        }
    }

    private static UnfitMachineException unfit(String why, RuntimeException cause) {
        return new UnfitMachineException("a worker can't work: " + why.replaceFirst("^" + UNFIT, "") + ". 'espalier doctor' says what is missing on this machine", cause);
    }

    private void start() throws InterruptedException {
        try {
            process = command.start();
        } catch (IOException e) {
            throw new UnfitMachineException("a worker process can't be started: " + e.getMessage(), e);
        }
        BlockingQueue<String> said = new LinkedBlockingQueue<>();
        answers = said;
        Process started = process;
        synchronized (lastWords) {
            lastWords.clear();
        }
        listen(started.getInputStream(), said::add, () -> said.add(END));
        listen(started.getErrorStream(), this::remember, () -> { });
        String answer = answer();
        if (!answer.equals("ready")) {
            close();
            throw unfit(answer, null);
        }
    }

    private static void listen(InputStream stream, Consumer<String> line, Runnable end) {
        Thread thread = new Thread(() -> {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                in.lines().forEach(line);
            } catch (IOException | UncheckedIOException e) {
                // The process is gone.
            }
            end.run();
        }, "espalier-worker-listener");
        thread.setDaemon(true);
        thread.start();
    }

    private void remember(String line) {
        synchronized (lastWords) {
            lastWords.addLast(line);
            if (lastWords.size() > LAST_WORDS) {
                lastWords.removeFirst();
            }
        }
    }

    private void ask(Job job) throws InterruptedException {
        try {
            Writer in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
            in.write(Worker.line(job) + "\n");
            in.flush();
        } catch (IOException e) {
            throw died();
        }
    }

    /** The next line that the worker says to us, what libraries print apart. */
    private String answer() throws InterruptedException {
        while (true) {
            String line = answers.take();
            if (line.equals(END)) {
                throw died();
            }
            if (line.startsWith(Worker.MARK)) {
                return line.substring(Worker.MARK.length());
            }
        }
    }

    private IllegalStateException died() throws InterruptedException {
        // Its output has ended, so it has ended or is about to.
        int code = process.waitFor(10, TimeUnit.SECONDS) ? process.exitValue() : process.destroyForcibly().waitFor();
        process = null;
        if (code == 128 + 1 || code == 128 + 2 || code == 128 + 15) {
            // Whoever ended it, such as Ctrl-C, a closed terminal or a cluster's time limit, has most likely ended this process too: no run failed then.
            Thread.sleep(MERCY_MILLIS);
        }
        String reason = code > 128 ? "killed by signal " + (code - 128) + (code == 137 ? "; out of memory?" : "") : "exit code " + code;
        synchronized (lastWords) {
            return new IllegalStateException("its worker process ended (" + reason + ")"
                    + (lastWords.isEmpty() ? "" : "; its last words: " + String.join(" / ", lastWords)));
        }
    }

    /** Ends the process, if there is one; what it was at can be taken up again from its checkpoint. */
    @Override
    public void close() {
        Optional.ofNullable(process).ifPresent(Process::destroyForcibly);
        process = null;
    }

    /** The process's number, if one runs now. */
    Optional<Long> pid() {
        return Optional.ofNullable(process).map(Process::pid);
    }
}
