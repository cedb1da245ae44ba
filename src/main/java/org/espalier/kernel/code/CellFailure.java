package org.espalier.kernel.code;

import java.util.List;

/** A cell that ended with an error, ready to be shown. */
public final class CellFailure extends Exception {
    private final String name;
    private final List<String> lines;

    /**
     * @param name the kind of error: an exception's class, or "CompilationError"
     * @param message what happened, in a line
     * @param lines the whole report, line by line
     */
    public CellFailure(String name, String message, List<String> lines) {
        super(message, null, false, false);
        this.name = name;
        this.lines = List.copyOf(lines);
    }

    public String name() {
        return name;
    }

    public List<String> lines() {
        return lines;
    }
}
