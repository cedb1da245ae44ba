package org.espalier.benchmark;

/** A process that works in turns with others. */
interface Side {

    /** The processor time that it has used so far. */
    double cpuSeconds();
}
