package org.espalier.study.sweep;

import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import org.espalier.model.Architecture;
import org.espalier.study.Spec;
import org.espalier.study.store.Store;
import org.espalier.study.store.UnwritableException;
import org.espalier.train.ResumableTraining;
import org.espalier.train.Training;
import org.espalier.train.TrainingSetup;
import org.espalier.train.TrainingState;

/**
 * Trains to the end and leaves a checkpoint now and then, between epochs, from which another attempt goes on to the same result.
 *
 * @param nanos the least time between two of them
 */
record Checkpoints(Store store, long nanos) {

    static Checkpoints everyMinute(Store store) {
        return new Checkpoints(store, 60_000_000_000L);
    }

    /** What has to be the same for one attempt to go on from another's checkpoint to the same result, bit for bit. */
    static String identity(Job job, Machine machine) {
        return job.longest().text() + "; on " + machine.deviceName() + ", " + machine.threads() + " threads, "
                + machine.execution(Architecture.parse(job.longest().network())).text();
    }

    /** What an earlier attempt left, if it was the same training under the same circumstances, and evaluated where this one is read. */
    static Optional<TrainingState> left(Path file, String identity, Job job) {
        return left(file, identity).filter(state -> job.specs().stream().map(Spec::epochs).filter(epochs -> 1 <= epochs && epochs <= state.history().size())
                .allMatch(epochs -> state.history().get(epochs - 1).isEvaluated()));
    }

    /** What an earlier attempt left, if it was the same training under the same circumstances. */
    static Optional<TrainingState> left(Path file, String identity) {
        try {
            return Optional.of(file).filter(Files::exists).map(there -> StateFile.read(there, identity));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    static Training started(Optional<TrainingState> left, TrainingSetup setup) {
        return left.map(state -> Training.resume(state, setup)).orElseGet(() -> Training.start(setup));
    }

    void finish(ResumableTraining training, int epochs, Path file, String identity, DoubleConsumer progress) {
        long kept = System.nanoTime();
        while (!training.isDone()) {
            training.nextEpoch(now -> progress.accept((now.epoch() - 1 + (double) now.step() / now.stepsPerEpoch()) / epochs));
            progress.accept((double) training.epochsDone() / epochs);
            if (System.nanoTime() - kept >= nanos && !training.isDone()) {
                write(training, identity, file);
                kept = System.nanoTime();
            }
        }
    }

    /** A full disk is no fault of the run. */
    void write(ResumableTraining training, String identity, Path file) {
        try {
            StateFile.write(training.state(), identity, store.prepared(file));
        } catch (UncheckedIOException e) {
            throw unlessInterrupted(file, e);
        }
    }

    static UncheckedIOException unlessInterrupted(Path file, UncheckedIOException e) {
        return e.getCause() instanceof ClosedByInterruptException ? e : new UnwritableException(file, e.getCause());
    }
}
