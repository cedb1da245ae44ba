package org.espalier.study.sweep;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;
import org.espalier.data.Dataset;
import org.espalier.data.DatasetRegistry;
import org.espalier.method.Method;
import org.espalier.method.MethodContext;
import org.espalier.method.MethodResult;
import org.espalier.model.Architecture;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.loading.Networks;
import org.espalier.prune.Criterion;
import org.espalier.prune.Plan;
import org.espalier.prune.plans.FoundPlan;
import org.espalier.study.Provenance;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.store.Store;
import org.espalier.train.Epoch;
import org.espalier.train.Evaluation;
import org.espalier.train.Recipe;
import org.espalier.train.Run;
import org.espalier.train.Schedule;
import org.espalier.train.Training;
import org.espalier.train.hooks.TrainingHook;
import org.espalier.train.TrainingSetup;
import org.espalier.train.schedules.StepDecay;

/**
 * Does a spec what it says, in this JVM: trains an original network and keeps it in the store's folder, or prunes one from there, retrains and
 * measures. Between epochs, once a minute, it leaves a checkpoint from which the next attempt goes on to the same result.
 */
public final class Experiment implements JobRunner {
    private final Machine machine;
    private final Store store;
    private final DatasetRegistry library;
    private final Evaluated evaluated;
    private final Checkpoints checkpoints;

    private Experiment(Machine machine, Store store, DatasetRegistry library, Evaluated evaluated, Checkpoints checkpoints) {
        this.machine = machine;
        this.store = store;
        this.library = library;
        this.evaluated = evaluated;
        this.checkpoints = checkpoints;
    }

    /** With the data that the user has. @throws UnfitMachineException when there is no engine to compute with */
    public static Experiment in(Store store) {
        return in(store, DatasetRegistry.ofUser());
    }

    public static Experiment in(Store store, DatasetRegistry library) {
        return on(Machine.here(), store, library);
    }

    public static Experiment on(Machine machine, Store store, DatasetRegistry library) {
        return new Experiment(machine, store, library, Evaluated.BUDGETS, Checkpoints.everyMinute(store));
    }

    /** With trainings evaluated so; without this, after the budgets that are asked for. */
    public Experiment evaluating(Evaluated when) {
        return new Experiment(machine, store, library, when, checkpoints);
    }

    Experiment checkpointing(long nanos) {
        return new Experiment(machine, store, library, evaluated, new Checkpoints(store, nanos));
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
        MethodTrainings trainings = new MethodTrainings(job, machine, checkpoints, method.phases(original.architecture(), plan).stream().mapToInt(Method.Phase::epochs).sum(), progress);
        Optional<Supplier<TrainingSetup>> before = spec.weights().isEmpty() ? Optional.of(() -> originalTraining(spec, data)) : Optional.empty();
        MethodResult left = method.run(new MethodContext(original, plan, criterion, schedule, data, recipe, trainings, before));
        TrainingSetup setup = setup(left.network(), schedule.resolve(original, left.network()), spec.epochs(), data, recipe);
        Run run = train(job, setup.withHooks(left.hooks().toArray(new TrainingHook[0])), trainings::retraining);
        trainings.forget();
        return new Trained(run, left.remarks());
    }

    private TrainingSetup setup(Network network, Schedule schedule, int epochs, Dataset data, Recipe recipe) {
        return new TrainingSetup(network, schedule, epochs, data, recipe, machine.device(), machine.execution(network.architecture()), List.of());
    }

    private Run train(Job job, TrainingSetup setup, DoubleConsumer progress) {
        Path file = store.checkpoint(job.key());
        String identity = Checkpoints.identity(job, machine);
        try (Training training = Checkpoints.started(Checkpoints.left(file, identity, job), setup)) {
            training.evaluating(evaluated.epochs(job));
            checkpoints.finish(training, setup.epochs(), file, identity, progress);
            return training.run();
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
        return new Result(spec, before, spec.isOriginal() ? before : run.start().accuracy(), last.testAccuracy(),
                everyEpoch ? best.testAccuracy() : Double.NaN, everyEpoch ? best.number() : 0,
                run.bestOn(), architecture.parameters(), architecture.macs(data.test().height(), data.test().width()), originalSha256,
                history.stream().mapToDouble(Epoch::seconds).sum(), longest.id(), provenance,
                spec.plan().equals(new FoundPlan().text()) ? architecture.text() : "", trained.remarks, last.testTopFive());
    }

    /** An original that was trained elsewhere: taken as it is, and measured. */
    private Result given(Spec spec, Dataset data, Instant started) {
        Path file = PretrainedNetworks.require(store, spec.weights());
        Network network = Networks.load(file);
        if (!network.architecture().equals(Architecture.parse(spec.network()))) {
            throw new IllegalArgumentException(file + " holds " + network.architecture().text() + ", not " + spec.network());
        }
        String sha = keep(network, spec);
        Evaluation measured = Evaluation.of(network, data);
        double accuracy = measured.accuracy();
        return new Result(spec, accuracy, accuracy, accuracy, accuracy, 0, "test", network.architecture().parameters(),
                network.architecture().macs(data.test().height(), data.test().width()), sha, 0, spec.id(), machine.provenance(started, network.architecture()),
                "", List.of(), measured.topFive());
    }

    /** @return the SHA-256 of the file */
    private String keep(Network network, Spec original) {
        Path file = store.network(original);
        try {
            return store.originals().keep(original, path -> Networks.save(network, path));
        } catch (UncheckedIOException e) {
            throw Checkpoints.unlessInterrupted(file, e);
        }
    }
}
