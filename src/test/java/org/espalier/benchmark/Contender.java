package org.espalier.benchmark;

/** One side of a comparison. */
interface Contender extends AutoCloseable {

    /** Unique among those that it is compared with. */
    String name();

    /** What of {@link Side} it works in. */
    Side side();

    /** Works for one turn; seconds for one unit of work, such as a step. */
    double turn();

    @Override
    void close();
}
