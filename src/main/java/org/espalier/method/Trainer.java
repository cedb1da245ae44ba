package org.espalier.method;

import java.util.Optional;
import java.util.function.Function;
import org.espalier.train.ResumableTraining;
import org.espalier.train.Run;
import org.espalier.train.Training;
import org.espalier.train.TrainingSetup;
import org.espalier.train.TrainingState;

/** Does a method's own trainings, one after another: a sweep's keeps each on disk, so that a killed run goes on where it was. */
@FunctionalInterface
public interface Trainer {
    /** Trains to the end, and keeps nothing. */
    Trainer PLAIN = setup -> finished(Training.start(setup));

    Run train(TrainingSetup setup);

    /**
     * Does a training that has a loop of its own, such as GAL's.
     *
     * @param start begins it, or goes on from the state that an earlier attempt left
     */
    default Run train(int epochs, Function<Optional<TrainingState>, ? extends ResumableTraining> start) {
        return finished(start.apply(Optional.empty()));
    }

    private static Run finished(ResumableTraining started) {
        try (ResumableTraining training = started) {
            while (!training.isDone()) {
                training.nextEpoch(progress -> {
                });
            }
            return training.run();
        }
    }
}
