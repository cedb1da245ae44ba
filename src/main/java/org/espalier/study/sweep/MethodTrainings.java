package org.espalier.study.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import org.espalier.method.Trainer;
import org.espalier.train.ResumableTraining;
import org.espalier.train.Run;
import org.espalier.train.TrainingSetup;
import org.espalier.train.TrainingState;

/**
 * The trainings of a method's own, in their order. Each leaves its end on disk until the retraining is done: an attempt that comes after a kill runs
 * the method again, and finds there what was trained already.
 */
final class MethodTrainings implements Trainer {
    private final Job job;
    private final Machine machine;
    private final Checkpoints checkpoints;
    private final int epochs;
    private final DoubleConsumer progress;
    private final List<Path> files = new ArrayList<>();
    private int done;

    /** @param epochs of all of them, for the progress */
    MethodTrainings(Job job, Machine machine, Checkpoints checkpoints, int epochs, DoubleConsumer progress) {
        this.job = job;
        this.machine = machine;
        this.checkpoints = checkpoints;
        this.epochs = epochs;
        this.progress = progress;
    }

    @Override
    public Run train(TrainingSetup given) {
        TrainingSetup setup = given.on(machine.device(), machine.execution(given.network().architecture()));
        return train(setup.epochs(), left -> Checkpoints.started(left, setup).evaluating(epoch -> false));
    }

    @Override
    public Run train(int length, Function<Optional<TrainingState>, ? extends ResumableTraining> start) {
        Path file = checkpoints.store().checkpoint(job.key() + "-" + files.size());
        String identity = Checkpoints.identity(job, machine) + "; training " + files.size() + " of its method";
        files.add(file);
        try (ResumableTraining training = start.apply(Checkpoints.left(file, identity))) {
            boolean wasDone = training.isDone();
            checkpoints.finish(training, length, file, identity, share -> progress.accept((done + share * length) / total()));
            if (!wasDone) {
                checkpoints.write(training, identity, file);
            }
            done += length;
            return training.run();
        }
    }

    private double total() {
        return Math.max(epochs, done) + job.longest().epochs();
    }

    void retraining(double share) {
        progress.accept((done + share * job.longest().epochs()) / total());
    }

    void forget() {
        files.forEach(checkpoints.store()::delete);
    }
}
