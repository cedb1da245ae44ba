package org.espalier.kernel.code;

/** Ends an interrupted cell. An error rather than an exception, so that notebook code seldom catches it by accident. */
public final class CellInterrupted extends Error {
    public CellInterrupted() {
        super("the cell was interrupted", null, false, true);
    }
}
