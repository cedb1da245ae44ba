package org.espalier.kernel.code;

/**
 * Thrown where notebook code calls {@code System.exit}: the kernel would end with it, and every variable be lost. An error rather than an
 * exception, so that what handles exceptions doesn't take it for one.
 */
@SuppressWarnings("DoNotCallSuggester") // Notebook code is rewritten to call its methods.
public final class ExitRefused extends Error {
    private final int status;

    private ExitRefused(int status) {
        super("System.exit(" + status + ") would end the kernel, and lose all variables: the cell ends here instead. "
                + "Jupyter's menu Kernel ends it (at a terminal: /exit)");
        this.status = status;
    }

    /** What the process would have ended with. */
    public int status() {
        return status;
    }

    /** Stands in for {@code System.exit}. */
    public static void exit(int status) {
        throw new ExitRefused(status);
    }

    /** Stands in for {@code Runtime.exit} and {@code Runtime.halt}. */
    public static void exit(Runtime runtime, int status) {
        throw new ExitRefused(status);
    }
}
