package org.espalier.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.espalier.data.DatasetRegistry;
import org.espalier.study.Spec;
import org.espalier.study.store.Store;
import org.espalier.study.sweep.Evaluated;
import org.espalier.study.sweep.Outcome;
import org.espalier.study.sweep.PretrainedNetworks;
import org.espalier.study.sweep.Sweep;
import org.espalier.study.sweep.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code espalier sweep GRID}: runs what the store lacks. */
@Command(name = "sweep", mixinStandardHelpOptions = true, description = "Runs what the store lacks of a grid, most expensive first. May be ended and "
        + "run again at any time, and run several times at once on one store.",
        footer = {"", "A grid file has a field a line, with its values; an empty line begins another grid:", "",
            "  data      = fashion-mnist-sample", "  network   = cifar-resnet-20 channels=1", "  original  = step epochs=16",
            "  plan      = R20-B", "  criterion = l1 | random", "  schedule  = ft | lrw | slr | clr",
            "  epochs    = 4 | 8 | 12", "  seed      = 1..5", "",
            "A file with 'matched = parameters | macs | widths' in the place of data, network, plan and seed follows from the results of the grids beside it, "
                    + "seed by seed: networks pruned to what a method left that finds its own widths (plan = found)", "",
            "On a job array: espalier sweep grid.txt --shard $SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"})
final class SweepCommand implements Callable<Integer> {
    @Parameters(paramLabel = "GRID", arity = "1..*", description = "files that describe the experiments")
    private List<Path> grids = new ArrayList<>();

    @Mixin
    private Source source;

    @Option(names = "--data", paramLabel = "FOLDER", description = "a folder with data: CIFAR-10's or CIFAR-100's files, or images in "
            + "a folder for each class; "
            + "may be repeated (default: those in ESPALIER_DATA)")
    private List<Path> data = new ArrayList<>();

    @Option(names = "--weights", paramLabel = "FOLDER", description = "a folder with the files that a grid's weights name; may be repeated (default: those "
            + "of --data)")
    private List<Path> weights = new ArrayList<>();

    @Option(names = "--shard", paramLabel = "I/N", description = "do only part I of N, counted from 0", defaultValue = "0/1")
    private String shard;

    @Option(names = "--workers", paramLabel = "N", description = "runs at a time (default: one for each processor)")
    private Integer workers;

    @Option(names = "--threads", paramLabel = "N", description = "of each run (default: ${DEFAULT-VALUE})", defaultValue = "1")
    private int threads;

    @Option(names = "--retry", description = "also try again what failed before")
    private boolean retry;

    @Option(names = "--evaluate", paramLabel = "WHEN", description = "measure the test set after every epoch (epochs), or only where a number is read "
            + "(budgets), which saves a quarter of a run and leaves the rows without a best epoch; no other number depends on it "
            + "(default: ${DEFAULT-VALUE})", defaultValue = "budgets")
    private Evaluated evaluated;

    @Option(names = "--export", paramLabel = "CSV", description = "export the grid's results and those of its original networks when done")
    private Path export;

    @Option(names = "--originals", paramLabel = "FOLDER", description = "with --export: also write the original networks, which another store needs to "
            + "go on from these results; --include looks for them in the folder 'originals' beside the CSV")
    private Path originals;

    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        String[] part = shard.split("/");
        if (part.length != 2 || !part[0].matches("\\d{1,6}") || !part[1].matches("\\d{1,6}")) {
            throw new ParameterException(command.commandLine(), "--shard takes two whole numbers, as in 0/4, not '" + shard + "'");
        }
        if (originals != null && export == null) {
            throw new ParameterException(command.commandLine(), "--originals goes with --export");
        }
        DatasetRegistry library = data.isEmpty() ? DatasetRegistry.ofUser() : DatasetRegistry.of(data);
        source.foreseen(grids, library); // A faulty grid is refused before there is a store.
        int number = workers == null ? Runtime.getRuntime().availableProcessors() : workers;
        Workers.crowd(number, threads).ifPresent(command.commandLine().getErr()::println);
        ProgressLine line = new ProgressLine(command.commandLine().getErr());
        try (Shutdown ending = Shutdown.interrupts(Thread.currentThread())) {
            try (Store store = source.open(); Workers pool = Workers.of(store, library, number, threads, evaluated)) {
                boolean alone = part[1].equals("1");
                List<Spec> specs = asked(store, library, !alone);
                Sweep sweep = sweep(specs, store, part, line);
                Outcome outcome = (retry ? sweep.again() : sweep).run(pool.all());
                while (alone && source.follows(grids) && asked(store, library, false).size() > specs.size()) {
                    specs = asked(store, library, false);
                    sweep = sweep(specs, store, part, line);
                    outcome = sweep.run(pool.all());
                }
                line.end();
                if (export != null) {
                    if (originals != null) {
                        store.originals().export(store.results(Store.withOriginals(specs)), originals);
                    }
                    store.export(export, specs);
                }
                report(outcome);
                if (source.waits()) {
                    command.commandLine().getErr().println("what follows from these results is swept once all shards have theirs: run this again");
                    return Main.MISSING;
                }
                // What other shards lack is theirs to report.
                return outcome.lacking().isEmpty() || outcome.lacking().stream().noneMatch(sweep.own()::contains) ? 0 : Main.MISSING;
            } catch (CancellationException e) {
                line.end();
                command.commandLine().getErr().println(e.getMessage());
                return Main.MISSING;
            }
        }
    }

    private List<Spec> asked(Store store, DatasetRegistry library, boolean atOnce) {
        return source.specs(grids, store, library, specs -> PretrainedNetworks.named(specs, weights.isEmpty() ? data : weights, store), atOnce);
    }

    private static Sweep sweep(List<Spec> specs, Store store, String[] part, ProgressLine line) {
        return Sweep.of(specs, store).shard(Integer.parseInt(part[0]), Integer.parseInt(part[1])).telling(line);
    }

    private void report(Outcome outcome) {
        if (source.json()) {
            command.commandLine().getOut().println(Json.text("results", outcome.results().size(), "lacking", outcome.lacking().size(),
                    "failures", outcome.failures().stream().map(Json::of).toList(), "remarks", outcome.remarks()));
            return;
        }
        outcome.remarks().forEach(command.commandLine().getErr()::println);
        outcome.failures().forEach(failure -> command.commandLine().getErr().println("failed: " + failure.spec() + "\n  " + failure.cause()));
        command.commandLine().getOut().println(outcome.results().size() + " of " + (outcome.results().size() + outcome.lacking().size())
                + " results are there" + (outcome.failures().isEmpty() ? "" : "; " + outcome.failures().size()
                + " runs failed, --retry tries them again"));
    }
}
