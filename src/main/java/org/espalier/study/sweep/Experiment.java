package org.espalier.study.sweep;

import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import org.espalier.engine.Execution;
import org.espalier.data.Dataset;
import org.espalier.model.Architecture;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.Networks;
import org.espalier.prune.Criterion;
import org.espalier.prune.Plan;
import org.espalier.prune.Pruning;
import org.espalier.study.Provenance;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.store.Store;
import org.espalier.study.store.Unwritable;
import org.espalier.train.Epoch;
import org.espalier.train.Evaluation;
import org.espalier.train.Recipe;
import org.espalier.train.Run;
import org.espalier.train.Schedule;
import org.espalier.train.StepDecay;
import org.espalier.train.Training;
import org.espalier.train.TrainingState;

/**
 * Does a spec what it says, in this JVM: trains an original network and keeps it in the store's folder, or prunes one from there, retrains and
 * measures. Between epochs, once a minute, it leaves a checkpoint from which the next attempt goes on to the same result.
 */
public final class Experiment implements Work {
    private static final long CHECKPOINT_NANOS = 60_000_000_000L;

    private final Machine machine;
    private final Store store;
    private final Library library;
    private final long checkpointNanos;

    private Experiment(Machine machine, Store store, Library library, long checkpointNanos) {
        this.machine = machine;
        this.store = store;
        this.library = library;
        this.checkpointNanos = checkpointNanos;
    }

    /** With the data that the user has. @throws Unfit when there is no engine to compute with */
    public static Experiment in(Store store) {
        return in(store, Library.ofUser());
    }

    public static Experiment in(Store store, Library library) {
        return on(Machine.here(), store, library);
    }

    public static Experiment on(Machine machine, Store store, Library library) {
        return new Experiment(machine, store, library, CHECKPOINT_NANOS);
    }

    Experiment checkpointing(long nanos) {
        return new Experiment(machine, store, library, nanos);
    }

    @Override
    public List<Result> run(Job job, DoubleConsumer progress) {
        Spec spec = job.longest();
        Instant started = Instant.now();
        Dataset data = library.dataset(spec.data());
        if (!spec.weights().isEmpty() && spec.isOriginal()) {
            return List.of(given(spec, data, started));
        }
        Run run = spec.isOriginal() ? original(job, data, progress) : retraining(job, data, progress);
        store.write(store.history(spec.id()), History.text(run.history()));
        if (spec.isOriginal()) {
            save(run.network(), store.network(spec));
        }
        Provenance provenance = machine.provenance(started, run.network().architecture());
        double before = spec.isOriginal() ? Double.NaN : accuracyOfOriginal(spec, data);
        return job.specs().stream().map(answered -> result(answered, spec, run, data, before, provenance)).toList();
    }

    private Run original(Job job, Dataset data, DoubleConsumer progress) {
        Spec spec = job.longest();
        if (!(Schedule.parse(spec.original()) instanceof StepDecay schedule)) {
            throw new IllegalArgumentException("an original training follows a schedule like 'step epochs=160', not '" + spec.original() + "'");
        }
        Network initial = Initial.network(Architecture.parse(spec.network()), spec.originalSeed());
        return train(job, initial, schedule, schedule.epochs(), data, Recipe.parse(spec.recipe(), spec.originalSeed()), progress);
    }

    private Run retraining(Job job, Dataset data, DoubleConsumer progress) {
        Spec spec = job.longest();
        Schedule schedule = Schedule.parse(spec.schedule());
        Criterion criterion = Criterion.parse(spec.criterion(), spec.seed());
        Network pruned = Pruning.prune(Networks.load(store.network(spec.parent())), Plan.parse(spec.plan()), criterion);
        return train(job, pruned, schedule, spec.epochs(), data, Recipe.parse(spec.recipe(), spec.seed()), progress);
    }

    private Run train(Job job, Network network, Schedule schedule, int epochs, Dataset data, Recipe recipe, DoubleConsumer progress) {
        Path checkpoint = store.checkpoint(job.key());
        String identity = identity(job, machine);
        Execution execution = machine.execution(network.architecture());
        Optional<TrainingState> state = left(checkpoint, identity);
        try (Training training = state.isPresent()
                ? Training.resume(state.get(), schedule, epochs, data, recipe, machine.device(), execution)
                : Training.start(network, schedule, epochs, data, recipe, machine.device(), execution)) {
            long kept = System.nanoTime();
            while (!training.isDone()) {
                training.nextEpoch(moment -> progress.accept((moment.epoch() - 1 + (double) moment.step() / moment.stepsPerEpoch()) / epochs));
                progress.accept((double) training.epochsDone() / epochs);
                if (System.nanoTime() - kept >= checkpointNanos && !training.isDone()) {
                    written(checkpoint, file -> StateFile.write(training.state(), identity, file));
                    kept = System.nanoTime();
                }
            }
            return training.run();
        }
    }

    /** What has to be the same for one attempt to go on from another's checkpoint to the same result, bit for bit. */
    static String identity(Job job, Machine machine) {
        return job.longest().text() + "; on " + machine.deviceName() + ", " + machine.threads() + " threads, " + machine.execution(Architecture.parse(job.longest().network())).text();
    }

    /** What an earlier attempt left, if it was the same training under the same circumstances. */
    private static Optional<TrainingState> left(Path checkpoint, String identity) {
        try {
            return Files.exists(checkpoint) ? Optional.of(StateFile.read(checkpoint, identity)) : Optional.empty();
        } catch (IllegalArgumentException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private double accuracyOfOriginal(Spec spec, Dataset data) {
        store.refresh();
        return store.result(spec.parent().id()).map(Result::last)
                .orElseGet(() -> Evaluation.of(Networks.load(store.network(spec.parent())), data).accuracy());
    }

    /** @param beforePruning the original network's accuracy; an original network's own is not known before it is trained */
    private Result result(Spec spec, Spec trained, Run run, Dataset data, double beforePruning, Provenance provenance) {
        int epochs = spec.isOriginal() ? run.history().size() : spec.epochs();
        List<Epoch> history = run.history().subList(0, epochs);
        Epoch last = history.get(epochs - 1);
        Epoch best = Epoch.best(history);
        double before = spec.isOriginal() ? last.testAccuracy() : beforePruning;
        Architecture architecture = run.network().architecture();
        return new Result(spec, before, spec.isOriginal() ? before : run.before().accuracy(), last.testAccuracy(), best.testAccuracy(), best.number(),
                run.bestOn(), architecture.parameters(), architecture.macs(data.test().height(), data.test().width()),
                history.stream().mapToDouble(Epoch::seconds).sum(), trained.id(), provenance);
    }

    /** An original that was trained elsewhere: taken as it is, and measured. */
    private Result given(Spec spec, Dataset data, Instant started) {
        Path file = Given.file(store, spec.weights());
        Network network = Networks.load(file);
        if (!network.architecture().equals(Architecture.parse(spec.network()))) {
            throw new IllegalArgumentException(file + " holds " + network.architecture().text() + ", not " + spec.network());
        }
        save(network, store.network(spec));
        double accuracy = Evaluation.of(network, data).accuracy();
        return new Result(spec, accuracy, accuracy, accuracy, accuracy, 0, "test", network.architecture().parameters(),
                network.architecture().macs(data.test().height(), data.test().width()), 0, spec.id(), machine.provenance(started, network.architecture()));
    }

    private void save(Network network, Path file) {
        written(file, path -> Networks.save(network, path));
    }

    /** A full disk is no fault of the run. */
    private void written(Path file, Consumer<Path> writing) {
        try {
            writing.accept(store.prepared(file));
        } catch (UncheckedIOException e) {
            throw e.getCause() instanceof ClosedByInterruptException ? e : new Unwritable(file, e.getCause());
        }
    }
}
