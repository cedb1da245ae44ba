package org.espalier.kernel.code;

/** A part of a cell that is run in one go. */
public sealed interface CellPart {
    /** Where it starts in its cell, in characters. */
    int offset();

    /**
     * One Java snippet, as JShell takes it.
     *
     * @param silent whether the user ended it with a semicolon, which keeps the value of a last expression from being shown
     */
    record Java(String source, int offset, boolean silent) implements CellPart { }

    /** A line magic: {@code %name arguments}. */
    record Magic(String name, String arguments, int offset) implements CellPart { }
}
