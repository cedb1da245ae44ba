package org.espalier.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The processor that a number was computed on. Another model or other instructions may change the last bits of a result, so they are recorded.
 *
 * @param model        as the system calls it, or {@code unknown}
 * @param instructions the widest vector instructions that it has: AVX-512, AVX2, AVX, SVE or NEON; empty where not known
 */
public record Processor(String model, String instructions) {
    private static final String UNKNOWN = "unknown";

    private record Flag(String name, String instructions) {
    }

    /** The widest first. */
    private static final List<Flag> FLAGS = List.of(new Flag("avx512f", "AVX-512"), new Flag("avx2", "AVX2"), new Flag("avx", "AVX"),
            new Flag("avx1.0", "AVX"), new Flag("sve", "SVE"), new Flag("asimd", "NEON"), new Flag("neon", "NEON"));
    private static final Processor HERE = look();

    /** This machine's. */
    public static Processor here() {
        return HERE;
    }

    private static Processor look() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            return new Processor(System.getenv().getOrDefault("PROCESSOR_IDENTIFIER", UNKNOWN), "");
        }
        if (system.startsWith("mac")) {
            String arm = System.getProperty("os.arch").equals("aarch64") ? " neon" : "";
            return new Processor(said("sysctl", "-n", "machdep.cpu.brand_string").filter(model -> !model.isEmpty()).orElse(UNKNOWN),
                    widest(said("sysctl", "-n", "machdep.cpu.features", "machdep.cpu.leaf7_features").orElse("") + arm));
        }
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return parse(lines.limit(200).toList());
        } catch (IOException | UncheckedIOException e) {
            return new Processor(UNKNOWN, "");
        }
    }

    /** Reads the lines of Linux' {@code /proc/cpuinfo}, of whose processors the first counts. */
    static Processor parse(List<String> cpuinfo) {
        String model = value(cpuinfo, "model name").or(() -> value(cpuinfo, "cpu model")).or(() -> value(cpuinfo, "cpu")).orElse(UNKNOWN);
        return new Processor(model, widest(value(cpuinfo, "flags").or(() -> value(cpuinfo, "features")).orElse("")));
    }

    private static Optional<String> value(List<String> lines, String name) {
        return lines.stream().map(line -> line.split(":", 2)).filter(parts -> parts.length == 2 && parts[0].strip().equalsIgnoreCase(name))
                .map(parts -> parts[1].strip().replaceAll("\\s+", " ")).filter(value -> !value.isEmpty()).findFirst();
    }

    private static String widest(String flags) {
        List<String> names = List.of(flags.toLowerCase(Locale.ROOT).split("\\s+"));
        return FLAGS.stream().filter(flag -> names.contains(flag.name())).findFirst().map(Flag::instructions).orElse("");
    }

    private static Optional<String> said(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor(5, TimeUnit.SECONDS) ? Optional.of(answer) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** For instance {@code AMD EPYC (AVX2)}. */
    @Override
    public String toString() {
        return instructions.isEmpty() ? model : model + " (" + instructions + ")";
    }
}
