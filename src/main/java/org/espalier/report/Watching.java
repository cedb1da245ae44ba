package org.espalier.report;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.espalier.data.DatasetRegistry;
import org.espalier.data.files.ProgressListener;
import org.espalier.study.Spec;
import org.espalier.study.store.Store;
import org.espalier.study.sweep.Experiment;
import org.espalier.study.sweep.Outcome;
import org.espalier.study.sweep.Sweep;
import org.espalier.study.sweep.JobRunner;
import org.espalier.study.sweep.Workers;
import org.espalier.train.Run;
import org.espalier.train.Schedule;
import org.espalier.train.Training;
import org.espalier.train.TrainingProgress;
import org.espalier.train.TrainingSetup;

/** Long work that shows how far it is. */
public final class Watching {
    private Watching() {
    }

    /** Trains to the end. */
    public static Run train(TrainingSetup setup) {
        return train(setup, epoch -> { });
    }

    /**
     * Trains to the end, or until the thread is interrupted: then what comes back is the run as it was after the last whole epoch.
     *
     * @throws CancellationException when it is interrupted within the first epoch
     */
    public static Run trainAsFarAsItGets(TrainingSetup setup) {
        AtomicReference<Run> done = new AtomicReference<>();
        try {
            return train(setup, training -> done.set(training.run()));
        } catch (CancellationException e) {
            if (done.get() == null) {
                throw e;
            }
            new LiveLine().end("interrupted; of " + setup.epochs() + " epochs the run has those that were done: " + done.get());
            return done.get();
        }
    }

    private static Run train(TrainingSetup setup, Consumer<Training> afterEpoch) {
        LiveLine line = new LiveLine();
        try (Training training = Training.start(setup)) {
            long began = System.nanoTime();
            while (!training.isDone()) {
                training.nextEpoch(now -> line.show(text(setup.schedule(), now, (System.nanoTime() - began) / 1e9)));
                afterEpoch.accept(training);
            }
            Run run = training.run();
            line.end(run.toString());
            return run;
        }
    }

    /**
     * Runs what the store lacks of these specs, what failed before included, whose cause may be gone: in as many worker processes as the machine's
     * rule says, or in this JVM where a dataset exists nowhere else.
     */
    public static Outcome sweep(List<Spec> asked, Store store, DatasetRegistry datasets) {
        List<Spec> specs = asked.stream().map(spec -> spec.with("data", datasets.canonical(spec.data()))).toList();
        if (specs.stream().anyMatch(spec -> datasets.isOnlyHere(spec.data()))) {
            return sweep(specs, store, List.of(Experiment.in(store, datasets)));
        }
        try (Workers workers = Workers.of(store, datasets)) {
            return sweep(specs, store, workers.all());
        }
    }

    private static Outcome sweep(List<Spec> specs, Store store, List<? extends JobRunner> workers) {
        LiveLine line = new LiveLine();
        Outcome outcome = Sweep.of(specs, store).again().telling(progress -> line.show(progress.text())).run(workers);
        line.end(outcome.results().size() + " of " + specs.size() + " experiments have a result, " + outcome.failures().size() + " failed");
        outcome.remarks().forEach(System.err::println);
        return outcome;
    }

    /** For something that is loaded. */
    public static ProgressListener loading() {
        LiveLine line = new LiveLine();
        return (what, done, total) -> {
            String text = String.format(Locale.ROOT, "%s: %,d of %,d", what, done, total);
            if (done < total) {
                line.show(text);
            } else {
                line.end(text);
            }
        };
    }

    private static String text(Schedule schedule, TrainingProgress now, double seconds) {
        double done = now.epoch() - 1 + (double) now.step() / now.stepsPerEpoch();
        long left = Math.round(seconds * (now.epochs() - done) / done);
        return String.format(Locale.ROOT, "%s: epoch %d of %d, %.0f %%; loss %.3f, training accuracy %.1f %%, learning rate %.5f; %.0f images/s, %d:%02d left",
                schedule.label(), now.epoch(), now.epochs(), 100. * now.step() / now.stepsPerEpoch(), now.loss(),
                100 * now.accuracy(), now.learningRate(), now.imagesPerSecond(), left / 60, left % 60);
    }
}
