package org.espalier.kernel;

import org.dflib.jjava.jupyter.kernel.BaseKernel;

/** Methods that notebooks written for IJava and JJava call by these names. Imported statically at the start. */
public final class NotebookCalls {
    private NotebookCalls() { }

    /** The running kernel, whose renderer, magics and comms extensions register themselves with. */
    public static BaseKernel getKernelInstance() {
        BaseKernel kernel = BaseKernel.notebookKernel();
        if (kernel == null) {
            throw new IllegalStateException("no kernel runs here: this works in a notebook only");
        }
        return kernel;
    }

    /** The value of code that is given as text. */
    public static Object eval(String code) {
        return getKernelInstance().evalRaw(code);
    }

    public static void print(Object value) {
        System.out.print(value);
    }

    public static void println(Object value) {
        System.out.println(value);
    }

    public static void println() {
        System.out.println();
    }

    public static void printf(String format, Object... values) {
        System.out.printf(format, values);
    }
}
