package org.espalier.train;

import java.util.function.Consumer;

/** A training that goes epoch by epoch, whose state between two epochs can be kept for another process to go on from. */
public interface ResumableTraining extends AutoCloseable {

    boolean isDone();

    int epochsDone();

    /** @param watcher told where the training stands, now and then */
    Epoch nextEpoch(Consumer<TrainingProgress> watcher);

    default Epoch nextEpoch() {
        return nextEpoch(progress -> { });
    }

    /** All that going on needs, bit for bit; only between epochs. */
    TrainingState state();

    /** What came of it, when all epochs are done. */
    Run run();

    @Override
    void close();
}
