package org.espalier.command;

import ai.djl.util.Utils;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.espalier.data.DatasetRegistry;
import org.espalier.model.Architecture;
import org.espalier.study.Processor;
import org.espalier.study.Spec;
import org.espalier.study.sweep.Forecast;
import org.espalier.study.sweep.Machine;
import org.espalier.study.sweep.TrainingImages;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier plan GRID}: what a grid would take on this machine. */
@Command(name = "plan", mixinStandardHelpOptions = true, description = "Says what a grid would take: trainings, epochs, multiply-adds, memory and disk by "
        + "arithmetic, and hours on this machine from a few steps of each kind of training, done on noise. No data is needed, and nothing is kept. What follows "
        + "from results of a method that finds its own widths is reckoned as if that left about half of a network.")
final class PlanCommand implements Callable<Integer> {
    private static final double GIB = 1L << 30;

    @Parameters(paramLabel = "GRID", arity = "1..*", description = "files that describe the experiments")
    private List<Path> grids = new ArrayList<>();

    @Mixin
    private Source source;

    @Option(names = "--data", paramLabel = "FOLDER", description = "a folder with data, to count its images; may be repeated (default: those in ESPALIER_DATA)")
    private List<Path> data = new ArrayList<>();

    @Option(names = "--steps", paramLabel = "N", description = "steps that each kind of training is timed by; 0 times none (default: ${DEFAULT-VALUE})", defaultValue = "3")
    private int steps;

    @Option(names = "--try", paramLabel = "N", description = "also do the first N steps of every job that differs, through its own method, criterion and schedule")
    private int tried;

    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        DatasetRegistry registry = data.isEmpty() ? DatasetRegistry.ofUser() : DatasetRegistry.of(data);
        List<Spec> specs = source.foreseen(grids, registry);
        Forecast forecast = Forecast.of(specs, name -> TrainingImages.of(name, classes(specs, name), registry));
        Path folder = Files.createTempDirectory("espalier-plan");
        try {
            Machine machine = steps > 0 || tried > 0 ? Machine.here() : null;
            double[] seconds = forecast.work().stream().mapToDouble(work -> steps > 0 ? work.seconds(steps, machine, folder) : Double.NaN).toArray();
            print(forecast, seconds, machine);
            if (tried > 0) {
                int distinct = Forecast.tryJobs(specs, tried, machine, folder);
                command.commandLine().getOut().println("The first " + tried + " steps of " + distinct + " jobs that differ were done on noise: none failed.");
            }
            return 0;
        } finally {
            Utils.deleteQuietly(folder);
        }
    }

    private static int classes(List<Spec> specs, String name) {
        return specs.stream().filter(spec -> spec.data().equals(name)).map(spec -> Architecture.parse(spec.network()).classes()).findFirst().orElseThrow();
    }

    private void print(Forecast forecast, double[] seconds, Machine machine) {
        PrintWriter out = command.commandLine().getOut();
        double hours = Arrays.stream(seconds).sum() / 3600;
        long epochs = forecast.work().stream().mapToLong(Forecast.Work::epochs).sum();
        double macs = forecast.work().stream().mapToDouble(Forecast.Work::macEpochs).sum();
        long memory = forecast.work().stream().mapToLong(Forecast.Work::memory).max().orElse(0);
        if (source.json()) {
            out.println(Json.text("retrainings", forecast.jobs(), "originals", forecast.originals(), "epochs", epochs, "macEpochs", macs,
                    "hours", Double.isNaN(hours) ? null : hours, "memoryBytes", memory, "diskBytes", forecast.disk(1)));
            return;
        }
        out.printf(Locale.ROOT, "%d retrainings and %d original networks: %,d epochs, %.2e multiply-adds of an image times epochs%n%n", forecast.jobs(),
                forecast.originals(), epochs, macs);
        out.printf(Locale.ROOT, "%-72s %9s %8s %9s %8s %11s%n", "trained", "trainings", "epochs", "images", "hours", "memory, GiB");
        for (int i = 0; i < seconds.length; i++) {
            Forecast.Work work = forecast.work().get(i);
            String name = work.network() + (work.upTo() ? " (at most: the run finds the widths)" : "");
            out.printf(Locale.ROOT, "%-72s %9d %8d %9d %8s %11.1f%n", name.length() > 72 ? name.substring(0, 69) + "..." : name, work.trainings(), work.epochs(),
                    work.images(), Double.isNaN(seconds[i]) ? "-" : String.format(Locale.ROOT, "%.2f", seconds[i] / 3600), work.memory() / GIB);
        }
        out.println();
        if (!Double.isNaN(hours)) {
            out.printf(Locale.ROOT, "%.1f hours here, one run after the other, on %s (%s), %d threads: from %d steps of each kind, done on noise after as many to warm "
                    + "up. Evaluations aren't counted, nor what else keeps the machine busy.%n", hours, machine.deviceName(), Processor.here(), machine.threads(), steps);
        }
        out.printf(Locale.ROOT, "Memory of a run: at least %.1f GiB, by arithmetic. Disk: %.2f GiB for the originals and one run's checkpoint.%n", memory / GIB,
                forecast.disk(1) / GIB);
        if (forecast.work().stream().anyMatch(work -> work.data().startsWith("stream") && !work.data().contains(":"))) {
            out.println("A stream is taken for ImageNet, 1,281,167 training images; --data FOLDER counts yours.");
        }
    }
}
