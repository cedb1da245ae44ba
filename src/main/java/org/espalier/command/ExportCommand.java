package org.espalier.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.espalier.data.DatasetRegistry;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.store.Csv;
import org.espalier.study.store.Store;
import org.espalier.study.store.UnwritableException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier export}: the store's results as CSV. */
@Command(name = "export", mixinStandardHelpOptions = true, description = "Writes results as CSV, of a grid also those of its original networks, "
        + "sorted: the same results give the same bytes, up to the last columns, which say when, where and with what they were measured. With --json, one object a line.")
final class ExportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "GRID", arity = "0..*", description = "only the results of these grids")
    private List<Path> grids = new ArrayList<>();

    @Mixin
    private Source source;

    @Option(names = {"-o", "--output"}, paramLabel = "CSV", description = "the file to write (default: standard output)")
    private Path output;

    @Option(names = "--originals", paramLabel = "FOLDER", description = "also write the original networks as ID.safetensors, which another store needs to "
            + "go on from these results; --include looks for them in the folder 'originals' beside the CSV")
    private Path originals;

    @Option(names = "--results-only", description = "without time and provenance")
    private boolean resultsOnly;

    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        try (Store store = source.existing(command.commandLine().getErr())) {
            Set<Spec> specs = Set.copyOf(source.specs(grids, store, DatasetRegistry.ofUser()));
            List<Result> results = store.results(grids.isEmpty() ? spec -> true : Store.withOriginals(specs));
            if (originals != null) {
                store.originals().export(results, originals);
            }
            String text = source.json() ? Csv.json(results) : resultsOnly ? Csv.textOfResults(results) : Csv.text(results);
            if (output == null) {
                command.commandLine().getOut().print(text);
                if (command.commandLine().getOut().checkError()) {
                    throw new UnwritableException("standard output can't be written: its reader has ended, or its disk is full");
                }
            } else {
                store.write(output.toAbsolutePath(), text);
            }
            store.remarks().forEach(command.commandLine().getErr()::println);
            return specs.stream().allMatch(spec -> store.has(spec.id())) ? 0 : Main.MISSING;
        }
    }
}
