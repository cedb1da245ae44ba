package org.espalier.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.espalier.data.DatasetRegistry;
import org.espalier.data.files.ProgressListener;
import org.espalier.study.Spec;
import org.espalier.study.store.Store;
import org.espalier.study.sweep.Experiment;
import org.espalier.study.sweep.Outcome;
import org.espalier.study.sweep.Sweep;
import org.espalier.study.sweep.JobRunner;
import org.espalier.study.sweep.Workers;
import org.espalier.train.Budget;
import org.espalier.train.Epoch;
import org.espalier.train.Run;
import org.espalier.train.Training;
import org.espalier.train.TrainingSetup;

/** Long work that shows how far it is. */
public final class Watching {
    /** How many of a schedule's rates are drawn. */
    private static final int RATES = 120;

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
            List<Epoch> history = new ArrayList<>();
            Budget budget = setup.budget();
            double[] rates = IntStream.range(0, RATES).mapToDouble(i -> setup.schedule().learningRate(i * (budget.steps() - 1) / (RATES - 1), budget)).toArray();
            while (!training.isDone()) {
                history.add(training.nextEpoch(now -> line.show(new TrainingView(setup.schedule().label(), now, history, rates, (System.nanoTime() - began) / 1e9))));
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
        Outcome outcome = Sweep.of(specs, store).again().telling(progress -> line.show(new SweepView(progress))).run(workers);
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
}
