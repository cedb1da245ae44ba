package org.espalier.study.sweep;

import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.espalier.data.Dataset;
import org.espalier.data.DatasetRegistry;
import org.espalier.method.Method;
import org.espalier.method.MethodContext;
import org.espalier.method.MethodResult;
import org.espalier.method.Trainer;
import org.espalier.model.Architecture;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.loading.Networks;
import org.espalier.prune.Criterion;
import org.espalier.prune.FoundPlan;
import org.espalier.prune.Plan;
import org.espalier.study.Provenance;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.store.Store;
import org.espalier.study.store.UnwritableException;
import org.espalier.train.Epoch;
import org.espalier.train.EpochwiseTraining;
import org.espalier.train.EvaluatedEpochs;
import org.espalier.train.Evaluation;
import org.espalier.train.Recipe;
import org.espalier.train.Run;
import org.espalier.train.Schedule;
import org.espalier.train.Training;
import org.espalier.train.TrainingHook;
import org.espalier.train.TrainingSetup;
import org.espalier.train.TrainingState;
import org.espalier.train.schedules.StepDecay;

/**
 * Does a spec what it says, in this JVM: trains an original network and keeps it in the store's folder, or prunes one from there, retrains and
 * measures. Between epochs, once a minute, it leaves a checkpoint from which the next attempt goes on to the same result.
 */
public final class Experiment implements JobRunner {
    private static final long CHECKPOINT_NANOS = 60_000_000_000L;

    private final Machine machine;
    private final Store store;
    private final DatasetRegistry library;
    private final Evaluated evaluated;
    private final long checkpointNanos;

    private Experiment(Machine machine, Store store, DatasetRegistry library, Evaluated evaluated, long checkpointNanos) {
        this.machine = machine;
        this.store = store;
        this.library = library;
        this.evaluated = evaluated;
        this.checkpointNanos = checkpointNanos;
    }

    /** With the data that the user has. @throws UnfitMachineException when there is no engine to compute with */
    public static Experiment in(Store store) {
        return in(store, DatasetRegistry.ofUser());
    }

    public static Experiment in(Store store, DatasetRegistry library) {
        return on(Machine.here(), store, library);
    }

    public static Experiment on(Machine machine, Store store, DatasetRegistry library) {
        return new Experiment(machine, store, library, Evaluated.BUDGETS, CHECKPOINT_NANOS);
    }

    /** With trainings evaluated so; without this, after the budgets that are asked for. */
    public Experiment evaluating(Evaluated when) {
        return new Experiment(machine, store, library, when, checkpointNanos);
    }

    Experiment checkpointing(long nanos) {
        return new Experiment(machine, store, library, evaluated, nanos);
    }

    @Override
    public List<Result> run(Job job, DoubleConsumer progress) {
        Spec spec = job.longest();
        Instant started = Instant.now();
        Dataset data = library.dataset(spec.data());
        if (!spec.weights().isEmpty() && spec.isOriginal()) {
            return List.of(given(spec, data, started));
        }
        store.refresh();
        String start = spec.isOriginal() ? "" : store.originals().require(spec.parent());
        Trained trained = spec.isOriginal() ? new Trained(original(job, data, progress), List.of()) : retraining(job, data, progress);
        Run run = trained.run;
        store.write(store.history(spec.id()), History.text(run.history()));
        String sha = spec.isOriginal() ? keep(run.network(), spec) : start;
        Provenance provenance = machine.provenance(started, run.network().architecture());
        double before = spec.isOriginal() ? Double.NaN : accuracyOfOriginal(spec, data);
        return job.specs().stream().map(answered -> result(answered, spec, trained, data, before, sha, provenance)).toList();
    }

    /** @param remarks of the method that pruned */
    private record Trained(Run run, List<String> remarks) {
    }

    private Run original(Job job, Dataset data, DoubleConsumer progress) {
        return train(job, originalTraining(job.longest(), data), progress);
    }

    private TrainingSetup originalTraining(Spec spec, Dataset data) {
        if (!(Schedule.parse(spec.original()) instanceof StepDecay schedule)) {
            throw new IllegalArgumentException("an original training follows a schedule like 'step epochs=160', not '" + spec.original() + "'");
        }
        Network initial = Initial.network(Architecture.parse(spec.network()), spec.originalSeed());
        return setup(initial, schedule, schedule.epochs(), data, Recipe.parse(spec.recipe(), spec.originalSeed()));
    }

    private Trained retraining(Job job, Dataset data, DoubleConsumer progress) {
        Spec spec = job.longest();
        Schedule schedule = Schedule.parse(spec.schedule());
        Criterion criterion = Criterion.parse(spec.criterion(), spec.seed());
        Network original = Networks.load(store.network(spec.parent()));
        Method method = Method.parse(spec.method());
        Recipe recipe = Recipe.parse(spec.recipe(), spec.seed());
        Plan plan = Plan.parse(spec.plan());
        Phases phases = new Phases(job, method.phases(original.architecture(), plan).stream().mapToInt(Method.Phase::epochs).sum(), progress);
        Optional<Supplier<TrainingSetup>> before = spec.weights().isEmpty() ? Optional.of(() -> originalTraining(spec, data)) : Optional.empty();
        MethodResult left = method.run(new MethodContext(original, plan, criterion, schedule, data, recipe, phases, before));
        TrainingSetup setup = setup(left.network(), schedule.resolve(original, left.network()), spec.epochs(), data, recipe);
        Run run = train(job, setup.withHooks(left.hooks().toArray(new TrainingHook[0])), phases::retraining);
        phases.forget();
        return new Trained(run, left.remarks());
    }

    private TrainingSetup setup(Network network, Schedule schedule, int epochs, Dataset data, Recipe recipe) {
        return new TrainingSetup(network, schedule, epochs, data, recipe, machine.device(), machine.execution(network.architecture()), List.of());
    }

    private Run train(Job job, TrainingSetup setup, DoubleConsumer progress) {
        Path checkpoint = store.checkpoint(job.key());
        String identity = identity(job, machine);
        try (Training training = started(left(checkpoint, identity, job), setup)) {
            training.evaluating(evaluated.epochs(job));
            finish(training, setup.epochs(), checkpoint, identity, progress);
            return training.run();
        }
    }

    private static Training started(Optional<TrainingState> left, TrainingSetup setup) {
        return left.map(state -> Training.resume(state, setup)).orElseGet(() -> Training.start(setup));
    }

    private void finish(EpochwiseTraining training, int epochs, Path checkpoint, String identity, DoubleConsumer progress) {
        long kept = System.nanoTime();
        while (!training.isDone()) {
            training.nextEpoch(now -> progress.accept((now.epoch() - 1 + (double) now.step() / now.stepsPerEpoch()) / epochs));
            progress.accept((double) training.epochsDone() / epochs);
            if (System.nanoTime() - kept >= checkpointNanos && !training.isDone()) {
                written(checkpoint, file -> StateFile.write(training.state(), identity, file));
                kept = System.nanoTime();
            }
        }
    }

    /**
     * The trainings of a method's own, in their order. Each leaves its end on disk until the retraining is done: an attempt that comes after a kill
     * runs the method again, and finds there what was trained already.
     */
    private final class Phases implements Trainer {
        private final Job job;
        private final int epochs;
        private final DoubleConsumer progress;
        private final List<Path> files = new ArrayList<>();
        private int done;

        Phases(Job job, int epochs, DoubleConsumer progress) {
            this.job = job;
            this.epochs = epochs;
            this.progress = progress;
        }

        @Override
        public Run train(TrainingSetup given) {
            TrainingSetup setup = given.on(machine.device(), machine.execution(given.network().architecture()));
            return train(setup.epochs(), left -> started(left, setup).evaluating(EvaluatedEpochs.only(List.of())));
        }

        @Override
        public Run train(int length, Function<Optional<TrainingState>, ? extends EpochwiseTraining> start) {
            Path file = store.checkpoint(job.key() + "-" + files.size());
            String identity = identity(job, machine) + "; training " + files.size() + " of its method";
            files.add(file);
            try (EpochwiseTraining training = start.apply(left(file, identity))) {
                boolean wasDone = training.isDone();
                finish(training, length, file, identity, share -> progress.accept((done + share * length) / total()));
                if (!wasDone) {
                    written(file, path -> StateFile.write(training.state(), identity, path));
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
            files.forEach(store::delete);
        }
    }

    /** What has to be the same for one attempt to go on from another's checkpoint to the same result, bit for bit. */
    static String identity(Job job, Machine machine) {
        return job.longest().text() + "; on " + machine.deviceName() + ", " + machine.threads() + " threads, " + machine.execution(Architecture.parse(job.longest().network())).text();
    }

    /** What an earlier attempt left, if it was the same training under the same circumstances, and evaluated where this one is read. */
    private static Optional<TrainingState> left(Path checkpoint, String identity, Job job) {
        return left(checkpoint, identity).filter(state -> job.specs().stream().map(Spec::epochs)
                .filter(epochs -> 1 <= epochs && epochs <= state.history().size())
                .allMatch(epochs -> state.history().get(epochs - 1).isEvaluated()));
    }

    private static Optional<TrainingState> left(Path checkpoint, String identity) {
        try {
            return Optional.of(checkpoint).filter(Files::exists).map(file -> StateFile.read(file, identity));
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
    private Result result(Spec spec, Spec longest, Trained trained, Dataset data, double beforePruning, String originalSha256, Provenance provenance) {
        Run run = trained.run;
        int epochs = spec.isOriginal() ? run.history().size() : spec.epochs();
        List<Epoch> history = run.history().subList(0, epochs);
        Epoch last = history.get(epochs - 1);
        boolean everyEpoch = evaluated == Evaluated.EPOCHS && history.stream().allMatch(Epoch::isEvaluated);
        Epoch best = Epoch.best(history);
        double before = spec.isOriginal() ? last.testAccuracy() : beforePruning;
        Architecture architecture = run.network().architecture();
        return new Result(spec, before, spec.isOriginal() ? before : run.before().accuracy(), last.testAccuracy(),
                everyEpoch ? best.testAccuracy() : Double.NaN, everyEpoch ? best.number() : 0,
                run.bestOn(), architecture.parameters(), architecture.macs(data.test().height(), data.test().width()), originalSha256,
                history.stream().mapToDouble(Epoch::seconds).sum(), longest.id(), provenance,
                spec.plan().equals(new FoundPlan().text()) ? architecture.text() : "", trained.remarks);
    }

    /** An original that was trained elsewhere: taken as it is, and measured. */
    private Result given(Spec spec, Dataset data, Instant started) {
        Path file = PretrainedNetworks.file(store, spec.weights());
        Network network = Networks.load(file);
        if (!network.architecture().equals(Architecture.parse(spec.network()))) {
            throw new IllegalArgumentException(file + " holds " + network.architecture().text() + ", not " + spec.network());
        }
        String sha = keep(network, spec);
        double accuracy = Evaluation.of(network, data).accuracy();
        return new Result(spec, accuracy, accuracy, accuracy, accuracy, 0, "test", network.architecture().parameters(),
                network.architecture().macs(data.test().height(), data.test().width()), sha, 0, spec.id(), machine.provenance(started, network.architecture()));
    }

    /** @return the SHA-256 of the file */
    private String keep(Network network, Spec original) {
        Path file = store.network(original);
        try {
            return store.originals().keep(original, path -> Networks.save(network, path));
        } catch (UncheckedIOException e) {
            throw unlessInterrupted(file, e);
        }
    }

    /** A full disk is no fault of the run. */
    private void written(Path file, Consumer<Path> writing) {
        try {
            writing.accept(store.prepared(file));
        } catch (UncheckedIOException e) {
            throw unlessInterrupted(file, e);
        }
    }

    private static UncheckedIOException unlessInterrupted(Path file, UncheckedIOException e) {
        return e.getCause() instanceof ClosedByInterruptException ? e : new UnwritableException(file, e.getCause());
    }
}
