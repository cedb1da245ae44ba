package org.espalier.study.store;

/** Thrown where an original network isn't the one that results name, or isn't there: nothing was trained, and nothing overwritten. */
public final class OriginalMismatchException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    OriginalMismatchException(String message) {
        super(message);
    }
}
