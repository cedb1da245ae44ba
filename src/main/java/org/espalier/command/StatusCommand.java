package org.espalier.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.concurrent.Callable;
import org.espalier.data.DatasetRegistry;
import org.espalier.study.Failure;
import org.espalier.study.Spec;
import org.espalier.study.store.Store;
import org.espalier.study.sweep.Job;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

/** {@code espalier status [GRID]}: what is done, running, failed and still to do. */
@Command(name = "status", mixinStandardHelpOptions = true,
        description = "Says what of a grid is done, running, failed and still to do; without a grid, what the store holds. Ends with 1 where results are missing.")
final class StatusCommand implements Callable<Integer> {
    @Parameters(paramLabel = "GRID", arity = "0..*", description = "files that describe the experiments")
    private List<Path> grids = new ArrayList<>();

    @Mixin
    private Source source;

    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        try (Store store = source.existing(command.commandLine().getErr())) {
            List<Spec> specs = source.specs(grids, store, DatasetRegistry.ofUser());
            Set<Spec> concerned = specs.stream().flatMap(spec -> Stream.of(spec, spec.parent())).collect(Collectors.toSet());
            List<Failure> failures = store.failures().stream().filter(failure -> grids.isEmpty() || concerned.contains(failure.spec())).toList();
            Map<String, String> running = running(store, specs);
            long done = grids.isEmpty() ? store.results().size() : specs.stream().filter(spec -> store.has(spec.id())).count();
            long open = specs.size() - (grids.isEmpty() ? 0 : done);
            if (source.json()) {
                print(done, open, running, failures, store.remarks());
            } else {
                print(command.commandLine().getOut(), done, open, running, failures, store.remarks());
            }
            return failures.isEmpty() && open == 0 && source.isThere() ? 0 : Main.MISSING;
        }
    }

    /** What is being worked on, and by which process; by spec where the grid knows it, else by the job's key. */
    private Map<String, String> running(Store store, List<Spec> specs) {
        Map<String, String> known = new TreeMap<>();
        Job.of(specs).forEach(job -> known.put(job.key(), job.toString()));
        Map<String, String> running = new TreeMap<>();
        store.claimed().forEach((key, owner) -> {
            if (grids.isEmpty() || known.containsKey(key)) {
                running.put(known.getOrDefault(key, key), owner);
            }
        });
        return running;
    }

    private void print(PrintWriter out, long done, long open, Map<String, String> running, List<Failure> failures, List<String> remarks) {
        out.println(done + " done" + (grids.isEmpty() ? "" : ", " + open + " not") + ", " + count(running.size(), "training") + " running, "
                + count(failures.size(), "run") + " failed");
        running.forEach((what, owner) -> out.println("running: " + what + "\n  by " + owner));
        failures.forEach(failure -> out.println("failed: " + failure.spec() + "\n  "
                + failure.when() + " on " + failure.host() + ": " + failure.cause()));
        remarks.forEach(out::println);
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private void print(long done, long open, Map<String, String> running, List<Failure> failures, List<String> remarks) {
        command.commandLine().getOut().println(Json.text("done", done, "open", open, "running", running,
                "failures", failures.stream().map(Json::of).toList(), "remarks", remarks));
    }
}
