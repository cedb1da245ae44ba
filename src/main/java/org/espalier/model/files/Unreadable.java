package org.espalier.model.files;

/** Says why a value of a file can't be read; harmless unless the value is needed. */
final class Unreadable extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
        super(message);
    }

    /** Many may be thrown in one file, and where is never asked. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
