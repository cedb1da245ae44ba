package org.espalier.kernel;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jdk.jshell.tool.JavaShellToolBuilder;
import org.espalier.kernel.code.Cell;
import org.espalier.kernel.code.CellFailure;
import org.espalier.kernel.code.Session;
import org.espalier.kernel.code.Session.Shown;
import org.espalier.kernel.code.TerminalExecution;
import org.espalier.display.Display;

/**
 * The notebooks' Java in a terminal: {@code Terminal start-up-file [script]}. At a terminal this is the JDK's jshell tool with the
 * notebooks' way of running code; a script, or what is piped in, is run like one cell and ends with 1 where a snippet fails.
 */
public final class Terminal {
    private Terminal() { }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 1 || arguments.length > 2) {
            System.err.println("usage: Terminal start-up-file [script]. kernel/jshell starts this");
            System.exit(2);
        }
        Path startUp = Path.of(arguments[0]);
        if (arguments.length == 2) {
            Path script = Path.of(arguments[1]);
            if (!Files.isReadable(script)) {
                System.err.println("cannot read " + script.toAbsolutePath());
                System.exit(2);
            }
            System.exit(run(startUp, Files.readString(script)) ? 0 : 1);
        }
        if (System.console() == null) {
            System.exit(run(startUp, new String(System.in.readAllBytes(), StandardCharsets.UTF_8)) ? 0 : 1);
        }
        System.exit(JavaShellToolBuilder.builder().start("--execution", TerminalExecution.NAME, "--startup", startUp.toString()));
    }

    private static boolean run(Path startUp, String script) throws IOException {
        System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        Session session = new Session(Agent.instrumentation(), System.err);
        KernelMain.startUp(session, startUp);
        Runtime.getRuntime().addShutdownHook(new Thread(session::interrupt));
        try {
            Optional<Shown> shown = new Magics(session, null).cell(new Cell(1, script));
            shown.ifPresent(value -> Display.display(value.value()));
            return true;
        } catch (CellFailure e) {
            if (session.exitStatus().isPresent()) {
                System.exit(session.exitStatus().getAsInt());
            }
            boolean colours = System.console() != null;
            e.lines().forEach(line -> System.err.println(colours ? line : line.replaceAll("\u001b\\[\\d+m", "")));
            return false;
        }
    }
}
