package org.espalier.study.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A store that can't be written: a full disk, a folder without permission. What is stored is safe; nobody can go on until it is cured. */
public final class UnwritableException extends UncheckedIOException {
    private static final long serialVersionUID = 1;

    /** As another process of ours reported it. */
    public UnwritableException(String message) {
        super(message, new IOException(message));
    }

    public UnwritableException(Path path, IOException cause) {
        super("the store can't be written at " + path + " (" + cause.getClass().getSimpleName()
                + (cause.getMessage() == null ? "" : ": " + cause.getMessage()) + "); what is stored already is safe. "
                + "Free space or permit writing, then run the same again: it goes on from there", cause);
    }
}
