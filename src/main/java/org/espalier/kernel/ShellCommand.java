package org.espalier.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.espalier.kernel.code.CellFailure;
import org.espalier.kernel.code.ErrorText;
import org.espalier.kernel.code.Session.Shown;

/** A command for the system's shell, whose output goes below the cell: {@code !ls}, {@code %system}, {@code %%bash}. */
final class ShellCommand {
    private ShellCommand() { }

    static void addTo(Magics magics, BooleanSupplier interrupted) {
        magics.add("system", "command", "runs a command of the system's shell; !command does the same", (cell, command) -> line(command, interrupted));
        magics.add("sh", "command", "the same as %system", (cell, command) -> line(command, interrupted));
        magics.addForCell("bash", (cell, none, body) -> script("bash", body.text(), interrupted));
        magics.addForCell("sh", (cell, none, body) -> script("sh", body.text(), interrupted));
        magics.addForCell("system", (cell, none, body) -> script("sh", body.text(), interrupted));
    }

    private static Optional<Shown> line(String command, BooleanSupplier interrupted) throws CellFailure {
        int status = run("sh", command, interrupted);
        if (status != 0) {
            System.err.println("(the command ended with " + status + ")");
        }
        return Optional.empty();
    }

    private static Optional<Shown> script(String shell, String commands, BooleanSupplier interrupted) throws CellFailure {
        int status = run(shell, commands, interrupted);
        if (status != 0) {
            throw ErrorText.plain("ShellError", "the commands ended with " + status);
        }
        return Optional.empty();
    }

    /**
     * @param shell the shell's program, such as {@code bash}
     * @return what the command ended with
     */
    static int run(String shell, String command, BooleanSupplier interrupted) throws CellFailure {
        try {
            Process process = new ProcessBuilder(shell, "-c", command).redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null"))).start();
            Thread out = copying(process.getInputStream(), System.out);
            Thread err = copying(process.getErrorStream(), System.err);
            try {
                while (process.isAlive()) {
                    if (interrupted.getAsBoolean()) {
                        throw new InterruptedException();
                    }
                    process.waitFor(50, java.util.concurrent.TimeUnit.MILLISECONDS);
                }
                // What it left running in the background may keep its output open.
                out.join(500);
                err.join(500);
            } catch (InterruptedException e) {
                process.descendants().forEach(ProcessHandle::destroy);
                process.destroy();
                throw ErrorText.plain("Interrupted", "the command was stopped");
            }
            return process.exitValue();
        } catch (IOException e) {
            throw ErrorText.plain("ShellError", "cannot run " + shell + ": " + e.getMessage());
        }
    }

    private static Thread copying(InputStream from, PrintStream to) {
        Thread thread = new Thread(() -> {
            try (from) {
                byte[] some = new byte[8192];
                for (int read = from.read(some); read >= 0; read = from.read(some)) {
                    to.write(some, 0, read);
                    to.flush();
                }
            } catch (IOException e) {
                // The process is gone.
            }
        }, "shell command");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
