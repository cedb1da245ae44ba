package org.espalier.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.espalier.data.Images;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Shortcut;
import org.espalier.train.Recipe;
import org.espalier.train.Training;
import org.espalier.train.schedules.FT;

/**
 * Resident memory of a process that does nothing but train a tiny network, after 500 and after so many steps. Its Java heap is touched as a
 * whole at the start, so that what grows is native.
 */
final class Memory {
    private static final int STEPS_PER_EPOCH = 100;
    private static final int BATCH = 16;
    private static final int SIDE = 8;

    private Memory() {
    }

    /** MiB after 500 steps, and at the end. */
    record Growth(int steps, double early, double late) {
        double ratio() {
            return late / early;
        }
    }

    /** @param engine as ESPALIER_ENGINE names it */
    static Growth measure(int steps, int threads, String engine) {
        String java = ProcessHandle.current().info().command().orElse("java");
        ProcessBuilder builder = new ProcessBuilder(java, "-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch", "-XX:+UseParallelGC", "-Dai.djl.offline=true",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-Dai.djl.pytorch.num_threads=" + threads,
                "-cp", System.getProperty("java.class.path"), Memory.class.getName(), Integer.toString(steps))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("ESPALIER_ENGINE", engine);
        try {
            Process process = builder.start();
            try (BufferedReader reader = process.inputReader()) {
                List<String> lines = reader.lines().collect(Collectors.toList());
                if (lines.size() != 2) {
                    throw new IllegalStateException("the training for the memory's sake ended early; what it said stands above");
                }
                return new Growth(steps, Double.parseDouble(lines.get(0)), Double.parseDouble(lines.get(1)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + java, e);
        }
    }

    public static void main(String... args) {
        int steps = Integer.parseInt(args[0]);
        Network network = Initial.network(CifarResNet.dense(8, List.of(24, 24, 24), 3, 10, Shortcut.SUBSAMPLE), 1);
        Images images = Workload.images(STEPS_PER_EPOCH * BATCH, SIDE);
        Recipe recipe = Recipe.ofPaper().withBatch(BATCH);
        try (Training training = Training.start(network, new FT(.001), steps / STEPS_PER_EPOCH, Workload.dataset(images), recipe)) {
            while (!training.isDone()) {
                training.nextEpoch();
                if (training.epochsDone() == 500 / STEPS_PER_EPOCH || training.isDone()) {
                    System.out.println(resident());
                }
            }
        }
    }

    /** MiB, as the system counts them. */
    private static double resident() {
        try {
            String line = Files.readAllLines(Path.of("/proc/self/status")).stream().filter(one -> one.startsWith("VmRSS:")).findFirst().orElseThrow();
            return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
        } catch (IOException e) {
            throw new UncheckedIOException("resident memory is read from /proc/self/status, which only Linux has", e);
        }
    }
}
