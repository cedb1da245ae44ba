package org.espalier.benchmark;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.engine.device.Devices;

/** A process of benchmarks/peer.py: PyTorch, which does what it is asked and sleeps otherwise. */
final class Peer implements Side, AutoCloseable {
    private final String label;
    private final Process process;
    private final BufferedWriter questions;
    private final BufferedReader answers;
    private final String about;

    private Peer(String label, Process process) {
        this.label = label;
        this.process = process;
        questions = process.outputWriter();
        answers = process.inputReader();
        about = ask("about");
    }

    /**
     * @param label    how it differs from other peers; empty if in nothing
     * @param settings what its environment has on top of this process's; a null value takes a variable away
     */
    static Peer start(String label, Path python, Options options, Map<String, String> settings) {
        List<String> command = new ArrayList<>(List.of(python.toString(), "-u", Path.of("benchmarks", "peer.py").toString(),
                "--threads", Integer.toString(options.threads()), "--device", Devices.current().isGpu() ? "cuda" : "cpu"));
        if (options.compile()) {
            command.add("--compile");
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        settings.forEach((name, value) -> {
            if (value == null) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        try {
            return new Peer(label, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + python + "; --peer names a python that has torch and numpy", e);
        }
    }

    String label() {
        return label;
    }

    /** Versions and threads. */
    String about() {
        return about;
    }

    String ask(Object... words) {
        StringBuilder line = new StringBuilder();
        for (Object word : words) {
            line.append(line.isEmpty() ? "" : "\t").append(word);
        }
        try {
            questions.write(line.append('\n').toString());
            questions.flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new IOException("it ended");
            }
            if (!answer.startsWith("ok\t")) {
                throw new IllegalStateException("PyTorch's side could not do '" + line.toString().strip() + "': " + answer);
            }
            return answer.substring(3);
        } catch (IOException e) {
            throw new UncheckedIOException("PyTorch's side is gone (" + e.getMessage() + "); it needs torch 2 or newer and numpy, and what it said"
                    + " last stands above", e);
        }
    }

    @Override
    public double cpuSeconds() {
        // A loader's workers, too.
        return Stream.concat(Stream.of(process.toHandle()), process.descendants()).mapToDouble(one -> one.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9).sum();
    }

    @Override
    public void close() {
        try {
            // At the end of its input it ends by itself, and takes its workers along.
            questions.close();
            if (!process.waitFor(10, java.util.concurrent.TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
