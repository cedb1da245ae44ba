package org.espalier.engine.cpu;

/** What stands before a layer. */
public enum Pool {
    NONE,
    /** The highest of 2 x 2 pixels, with a stride of 2. */
    MAX,
    /** The mean of all pixels. */
    MEAN
}
