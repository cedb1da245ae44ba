package org.espalier.method;

import org.espalier.train.Run;
import org.espalier.train.Training;
import org.espalier.train.TrainingSetup;

/** Does a method's own trainings, one after another: a sweep's keeps each on disk, so that a killed run goes on where it was. */
@FunctionalInterface
public interface Trainer {
    /** Trains to the end, and keeps nothing. */
    Trainer PLAIN = setup -> {
        try (Training training = Training.start(setup)) {
            while (!training.isDone()) {
                training.nextEpoch();
            }
            return training.run();
        }
    };

    Run train(TrainingSetup setup);
}
