package org.espalier.kernel;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Scanner;
import org.espalier.kernel.code.Cell;
import org.espalier.kernel.code.CellFailure;
import org.espalier.kernel.code.Session;
import org.espalier.kernel.code.Session.Shown;
import org.espalier.kernel.display.Display;

/** The notebook's Java in a terminal: {@code Terminal start-up-file [script]}. A script ends with an error where one of its snippets does. */
public final class Terminal {
    private Terminal() { }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 1 || arguments.length > 2) {
            System.err.println("usage: Terminal start-up-file [script]. kernel/jshell starts this");
            System.exit(2);
        }
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(out);
        Session session = new Session(Agent.instrumentation(), System.err);
        Main.startUp(session, Path.of(arguments[0]));
        Magics magics = new Magics(session);
        if (arguments.length == 2) {
            Path script = Path.of(arguments[1]);
            if (!Files.isReadable(script)) {
                System.err.println("cannot read " + script.toAbsolutePath());
                System.exit(2);
            }
            System.exit(run(session, magics, new Cell(1, Files.readString(script))) ? 0 : 1);
        }
        Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8);
        int number = 1;
        StringBuilder code = new StringBuilder();
        out.print("In[1] ");
        out.flush();
        while (lines.hasNextLine()) {
            code.append(lines.nextLine()).append('\n');
            if (!org.espalier.kernel.code.Completeness.of(session.analysis(), code.toString()).status().equals("incomplete")) {
                run(session, magics, new Cell(number++, code.toString()));
                code.setLength(0);
            }
            out.print(code.length() == 0 ? "In[" + number + "] " : "  ...  ");
            out.flush();
        }
        System.exit(0);
    }

    private static boolean run(Session session, Magics magics, Cell cell) {
        try {
            Optional<Shown> shown = magics.cell(cell);
            shown.ifPresent(value -> Display.display(value.value()));
            return true;
        } catch (CellFailure e) {
            boolean colours = System.console() != null;
            e.lines().forEach(line -> System.err.println(colours ? line : line.replaceAll("\u001b\\[\\d+m", "")));
            return false;
        }
    }
}
