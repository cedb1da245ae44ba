package org.espalier.study.sweep;

/** Whoever should work can do no job at all, for instance for lack of the engine's native libraries. Its job is still to be done by others. */
public final class UnfitMachineException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnfitMachineException(String message, Throwable cause) {
        super(message, cause);
    }
}
