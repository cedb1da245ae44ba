package org.espalier.benchmark;

import ai.djl.engine.Engine;
import java.util.List;
import org.espalier.engine.device.Devices;

/** Espalier against PyTorch, in turns, in one run. {@code environment/benchmark} starts it. */
public final class Benchmark {
    private Benchmark() {
    }

    public static void main(String... args) {
        try {
            Options options = Options.parse(args);
            // Before the engine is there.
            System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(options.threads()));
            run(options);
        } catch (RuntimeException e) {
            System.err.println("benchmark: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(Options options) {
        try (Bench bench = new Bench(options)) {
            introduce(bench);
            bench.requireQuiet();
            for (Part part : Part.values()) {
                if (options.wants(part)) {
                    switch (part) {
                        case RESNET_56, RESNET_110, RESNET_20, VGG_16, RESNET_18, RESNET_50, MOBILENET_V2 -> StepPart.run(bench, part);
                        case EVALUATION -> EvaluationPart.run(bench);
                        case EPOCH -> EpochPart.run(bench);
                        case RULE -> RulePart.run(bench);
                        case MEMORY -> memory(bench);
                    }
                    // What is measured is kept, should the run be stopped.
                    bench.report().write(options.output());
                }
            }
            machine(bench);
            bench.report().write(options.output());
            System.out.println(bench.report().markdown());
            System.out.println(options.output().resolve("benchmark.md") + " has these tables, " + options.output().resolve("benchmark.csv")
                    + " every single measurement.");
        }
    }

    private static void introduce(Bench bench) {
        Options options = bench.options();
        Report report = bench.report();
        report.say("Espalier on libtorch " + org.espalier.study.sweep.Machine.libtorch() + " on " + Devices.current() + " with " + options.threads() + " threads, Java "
                + System.getProperty("java.version") + (Bench.settings().isEmpty() ? "" : "; settings " + Bench.settings()) + ".");
        if (bench.peers().isEmpty()) {
            report.say("PyTorch was not measured: --peer PYTHON names a python that has torch 2 or newer and numpy.");
        } else {
            report.say(bench.peers().get(0).about() + ", with its own defaults" + (options.compile() ? ", compiled" : "")
                    + "; where it says \"our settings\", with the settings above.");
        }
        report.say("Both sides take turns in one run, on the same weights and batches, whose losses were compared first. Medians of " + options.rounds()
                + " rounds; ratios are taken round by round." + (options.quick() ? " **A quick look: too few and too small rounds to be trusted.**" : ""));
    }

    private static void memory(Bench bench) {
        // A GPU has one engine.
        for (String engine : Devices.current().isGpu() ? List.of("plain") : List.of("fast", "plain")) {
            Memory.Growth growth = Memory.measure(bench.options().quick() ? 1000 : 10_000, bench.options().threads(), engine);
            bench.report().row("Resident memory", List.of("engine", "steps", "MiB after 500", "MiB at the end", "growth"), engine, growth.steps(),
                    Report.number(growth.early()), Report.number(growth.late()), String.format("%+.1f %%", 100 * (growth.ratio() - 1)));
        }
    }

    private static void machine(Bench bench) {
        bench.machine().measure();
        Measured product = bench.machine().product();
        Measured bandwidth = bench.machine().bandwidth();
        List<String> head = List.of("", "median", "spread");
        bench.report().row("The machine's peak, between the parts", head, "product of two 2048 x 2048 matrices, GFLOP/s", Report.rate(product), Report.spread(product));
        bench.report().row("The machine's peak, between the parts", head, "x = x + y over 2 x 128 MiB, GB/s", Report.rate(bandwidth), Report.spread(bandwidth));
    }
}
