package org.espalier.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.espalier.data.DatasetRegistry;
import org.espalier.study.Failure;
import org.espalier.study.sweep.Diagnostics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code espalier doctor}: whether this machine can work. */
@Command(name = "doctor", mixinStandardHelpOptions = true,
        description = "Says what there is to work with: version, system, Java, engine, native libraries, device, threads, data, Jupyter; and how long a training step takes.")
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--data", paramLabel = "FOLDER", description = "a folder with data; may be repeated (default: those in ESPALIER_DATA)")
    private List<Path> data = new ArrayList<>();

    @Option(names = "--json", description = "answer in JSON")
    private boolean json;

    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        Map<String, Object> findings = new LinkedHashMap<>();
        boolean well = true;
        for (Diagnostics check : Diagnostics.values()) {
            try {
                findings.put(check.label(), check.look(data.isEmpty() ? DatasetRegistry.ofUser() : DatasetRegistry.of(data)));
            } catch (RuntimeException | LinkageError e) {
                findings.put(check.label(), "FAILED: " + Failure.cause(e));
                well = false;
            }
        }
        if (json) {
            findings.put("well", well);
            out.println(Json.text(findings));
        } else {
            findings.forEach((label, finding) -> out.printf("%-14s %s%n", label, finding));
        }
        return well ? 0 : Main.MISSING;
    }
}
