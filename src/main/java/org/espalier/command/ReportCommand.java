package org.espalier.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.espalier.data.DatasetRegistry;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.statistics.Claim;
import org.espalier.study.statistics.Comparison;
import org.espalier.study.statistics.Family;
import org.espalier.study.store.Store;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier report}: what the results say. */
@Command(name = "report", mixinStandardHelpOptions = true, description = "Says what the results say: the change of accuracy in percentage "
        + "points, mean and "
        + "95 %% interval over seeds; and which schedules beat the baseline, paired by seed, corrected for the number of comparisons.")
final class ReportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "GRID", arity = "0..*", description = "only the results of these grids")
    private List<Path> grids = new ArrayList<>();

    @Mixin
    private Source source;

    @Option(names = "--against", paramLabel = "SCHEDULE", description = "the baseline (default: ${DEFAULT-VALUE})", defaultValue = "ft")
    private String baseline;

    @Option(names = "--claims", paramLabel = "FILE", description = "instead, judge the tests that this file lists, corrected for their number, as "
            + "notebooks/studies/figure-2/claims.txt")
    private Path claims;

    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        try (Store store = source.existing(command.commandLine().getErr())) {
            Set<Spec> specs = Set.copyOf(source.specs(grids, store, DatasetRegistry.ofUser()));
            List<Result> results = store.results(spec -> !spec.isOriginal() && (grids.isEmpty() || specs.contains(spec)));
            Comparison comparison = Comparison.of(results);
            List<Claim> judged = claims == null ? comparison.claims(baseline) : Family.read(claims).judge(results);
            if (source.json()) {
                out.println(Json.text("cells", comparison.cells().stream().map(ReportCommand::json).toList(),
                        "claims", judged.stream().map(Claim::sentence).toList()));
            } else if (comparison.cells().isEmpty()) {
                command.commandLine().getErr().println("there are no results" + (grids.isEmpty() ? "" : " of " + grids) + " in the store " + store.folder()
                        + " to report on; 'espalier status' says what is there");
            } else {
                out.println(comparison.text());
                judged.forEach(out::println);
            }
            return comparison.cells().isEmpty() ? Main.MISSING : 0;
        }
    }

    private static Map<String, Object> json(Comparison.Cell cell) {
        Map<String, Object> json = Json.object("experiment", cell.experiment().text(), "seeds", cell.results().size(), "meanChange", cell.mean());
        cell.interval().ifPresent(interval -> json.putAll(Json.object("low", interval.low(), "high", interval.high())));
        return json;
    }
}
