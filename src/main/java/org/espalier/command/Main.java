package org.espalier.command;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.espalier.study.Failure;
import org.espalier.study.store.OriginalMismatchException;
import org.espalier.study.store.UnwritableException;
import org.espalier.study.sweep.UnfitMachineException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/**
 * The command line: {@code espalier sweep|plan|status|export|report|doctor}. Exit codes: 0 when all is well, 1 when results are missing or a check
 * failed, 2 for a command that makes no sense, 3 when nothing can be done here (a full disk, no native libraries, an original network
 * that isn't the named one), 128 and the signal's number when it was ended.
 */
@Command(name = "espalier", version = "espalier 0.1.0", mixinStandardHelpOptions = true,
        description = "Studies of pruning and retraining that outlive a notebook.", synopsisSubcommandLabel = "COMMAND",
        subcommands = {SweepCommand.class, PlanCommand.class, StatusCommand.class, ExportCommand.class, ReportCommand.class, DoctorCommand.class, HelpCommand.class},
        footer = {"", "Exit codes: 0 all is well; 1 results are missing or a check failed; 2 the command makes no sense;",
            "3 nothing can be done here; 128 + n ended by signal n."})
public final class Main {
    static final int MISSING = 1;
    static final int USAGE = 2;
    static final int IMPOSSIBLE = 3;

    private Main() {
    }

    public static void main(String[] args) {
        // The same bytes whatever the terminal's character set is.
        System.exit(run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), new PrintWriter(System.err, true, StandardCharsets.UTF_8), args));
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true).setOut(out).setErr(err)
                .setExecutionExceptionHandler(Main::explain).execute(args);
    }

    /** One sentence instead of a stack trace: what fails here fails for reasons that a user can do something about. */
    private static int explain(Exception error, CommandLine command, CommandLine.ParseResult parsed) {
        command.getErr().println("espalier " + command.getCommandName() + ": " + Failure.cause(error));
        if (System.getenv("ESPALIER_DEBUG") != null) {
            error.printStackTrace(command.getErr());
        }
        return error instanceof UnwritableException || error instanceof UnfitMachineException || error instanceof OriginalMismatchException ? IMPOSSIBLE
                : error instanceof IllegalArgumentException ? USAGE : MISSING;
    }
}
