package org.espalier.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.function.BooleanSupplier;
import org.espalier.kernel.code.CellFailure;
import org.espalier.kernel.code.ErrorText;

/** A command for the system's shell, whose output goes below the cell. */
final class ShellCommand {
    private ShellCommand() { }

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
