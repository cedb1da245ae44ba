package org.espalier.kernel;

import org.dflib.jjava.jupyter.kernel.BaseKernel;

/** Stands in for IJava's class of this name, which published notebooks import to register renderers. */
public final class IJava {
    private IJava() { }

    /** The running kernel. */
    public static BaseKernel getKernelInstance() {
        return NotebookCalls.getKernelInstance();
    }
}
