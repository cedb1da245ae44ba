package org.espalier.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.espalier.data.Batch;
import org.espalier.data.BatchIterator;
import org.espalier.data.DataLoader;
import org.espalier.data.Dataset;
import org.espalier.engine.BatchLoss;
import org.espalier.engine.DeviceNetwork;
import org.espalier.model.Network;
import org.espalier.random.Randomness;
import org.espalier.train.hooks.Hooks;

/**
 * A training under way: {@link #nextEpoch} until {@link #isDone}, then {@link #run}. Between two epochs its {@link #state} can be kept, and
 * another process can go on from it to the same result, bit for bit.
 *
 * <p>Everything that is drawn comes from the recipe's seed and the epoch's number. Within an epoch nothing waits for the device, but for a
 * look at the loss once in a while.
 */
public final class Training implements ResumableTraining {
    private static final long LOOK_NANOS = 500_000_000;

    private final Schedule schedule;
    private final Budget budget;
    private final Dataset data;
    private final Recipe recipe;
    private final Hooks hooks;
    final DeviceNetwork live;
    private final Sgd sgd;
    private final DataLoader train;
    private final Optional<DataLoader> validation;
    private final DataLoader test;
    private final NDArray lossSum;
    private final NDArray correctSum;
    private final List<Epoch> history = new ArrayList<>();
    private final Evaluation before;
    private Network best;
    private IntPredicate evaluated = epoch -> true;
    private boolean midEpoch;

    private Training(DeviceNetwork live, TrainingSetup setup, Optional<TrainingState> state) {
        schedule = setup.schedule();
        data = setup.data();
        recipe = setup.recipe();
        budget = setup.budget();
        this.live = live;
        NDManager manager = live.manager();
        train = Evaluation.loader(live, data.train(), data.normalisation());
        validation = data.validation().map(images -> Evaluation.loader(live, images, data.normalisation()));
        test = Evaluation.loader(live, data.test(), data.normalisation());
        lossSum = manager.zeros(new Shape());
        correctSum = manager.zeros(new Shape(), DataType.INT64);
        sgd = new Sgd(live.parameters().trained(), recipe.weightDecay(), recipe.nesterov());
        hooks = new Hooks(setup.hooks(), live, budget);
        best = setup.network();
        rate(0);
        state.ifPresent(saved -> {
            sgd.restore(live.parameters().upload(saved.buffers()), saved.previousRate());
            history.addAll(saved.history());
            best = saved.best();
            hooks.restore(saved.hooks());
        });
        before = state.map(TrainingState::before).orElseGet(() -> Evaluation.of(live, test));
    }

    /** On the first GPU, or the CPU where there is none, executed as the rule for that device has it. */
    public static Training start(Network network, Schedule schedule, int epochs, Dataset data, Recipe recipe) {
        return start(TrainingSetup.of(network, schedule, epochs, data, recipe));
    }

    /** @throws IllegalArgumentException when the data doesn't fit the network, or there are no epochs */
    public static Training start(TrainingSetup setup) {
        return on(setup.network(), setup, Optional.empty());
    }

    /** Goes on from a state of a training that was started with the same setup. */
    public static Training resume(TrainingState state, TrainingSetup setup) {
        return on(state.network(), setup, Optional.of(state));
    }

    private static Training on(Network network, TrainingSetup setup, Optional<TrainingState> state) {
        setup.data().requireFit(network.architecture().channels(), network.architecture().classes());
        setup.requireBatchNormFit();
        DeviceNetwork live = DeviceNetwork.on(setup.device(), network, setup.execution());
        try {
            return new Training(live, setup, state);
        } catch (RuntimeException | Error e) {
            live.close();
            throw e;
        }
    }

    /** Measures the test split, and the validation split, after these epochs only, counted from 1, and after the last; no weight depends on it. */
    public Training evaluating(IntPredicate epochs) {
        evaluated = epochs;
        return this;
    }

    @Override
    public boolean isDone() {
        return history.size() == budget.epochs();
    }

    @Override
    public int epochsDone() {
        return history.size();
    }

    /**
     * @param watcher told where the training stands, about twice a second
     * @throws CancellationException when the thread is interrupted; noticed before the next step
     * @throws IllegalStateException when the loss is no longer a number
     */
    @Override
    public Epoch nextEpoch(Consumer<TrainingProgress> watcher) {
        if (isDone()) {
            throw new IllegalStateException("all " + budget.epochs() + " epochs are done");
        }
        requireWhole();
        midEpoch = true;
        int epoch = history.size();
        long began = System.nanoTime();
        try (var mode = live.mode()) {
            TrainingProgress end = train(epoch, began, watcher);
            hooks.afterEpoch((epoch + 1L) * budget.stepsPerEpoch() - 1);
            Epoch trained = new Epoch(epoch + 1, rateAfter(epoch, 1), end.loss(), end.accuracy(),
                    OptionalDouble.empty(), Double.NaN, Double.NaN, (System.nanoTime() - began) / 1e9);
            Epoch done = epoch + 1 == budget.epochs() || evaluated.test(epoch + 1) ? measured(trained, began) : trained;
            if (done.isEvaluated() && history.stream().filter(Epoch::isEvaluated).allMatch(earlier -> earlier.selectionAccuracy() < done.selectionAccuracy())) {
                best = live.snapshot();
            }
            history.add(done);
            midEpoch = false;
            return done;
        }
    }

    private Epoch measured(Epoch epoch, long began) {
        OptionalDouble validated = validation.map(images -> OptionalDouble.of(Evaluation.of(live, images).accuracy())).orElse(OptionalDouble.empty());
        Evaluation tested = Evaluation.of(live, test);
        requireFinite(tested.loss(), epoch.number() - 1, budget.stepsPerEpoch());
        return new Epoch(epoch.number(), epoch.learningRate(), epoch.trainLoss(), epoch.trainAccuracy(), validated, tested.loss(), tested.accuracy(),
                (System.nanoTime() - began) / 1e9, tested.topFive());
    }

    private TrainingProgress train(int epoch, long began, Consumer<TrainingProgress> watcher) {
        int[] order = Randomness.permutation(train.size(), Randomness.of(recipe.seed(), "shuffle", epoch));
        lossSum.subi(lossSum);
        correctSum.subi(correctSum);
        long looked = began;
        try (BatchIterator pass = train.pass(order, recipe.batch(), recipe.augmentation(), recipe.seed(), epoch)) {
            for (int step = 0; step < budget.stepsPerEpoch(); step++) {
                if (Thread.interrupted()) {
                    throw new CancellationException("the training was interrupted in epoch " + (epoch + 1) + ", step " + (step + 1));
                }
                step(pass, (long) epoch * budget.stepsPerEpoch() + step);
                if (System.nanoTime() - looked > LOOK_NANOS) {
                    watcher.accept(look(epoch, step + 1, began));
                    looked = System.nanoTime();
                }
            }
        }
        return look(epoch, budget.stepsPerEpoch(), began);
    }

    private void step(BatchIterator pass, long number) {
        try (NDManager step = live.manager().newSubManager()) {
            Batch batch = pass.next(step);
            BatchLoss learnt = live.learn(batch.images(), batch.labels());
            hooks.beforeUpdate(number);
            sgd.step(live.gradients(), rate(number), schedule.momentum(number, budget));
            hooks.afterStep(number);
            lossSum.addi(learnt.lossSum());
            correctSum.addi(learnt.correct());
        }
    }

    /** @throws IllegalArgumentException when a schedule of somebody's own has no rate that one can train at */
    private double rate(long step) {
        double rate = schedule.learningRate(step, budget);
        if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the schedule " + schedule.label() + " has the rate " + rate + " at step " + step + " of " + budget.steps()
                    + ": a learning rate is at least 0 and finite");
        }
        return rate;
    }

    /** Waits for the device, whose arrays would keep the copies that they are read from for as long as they live. */
    private TrainingProgress look(int epoch, int steps, long began) {
        try (NDArray losses = lossSum.toDevice(Device.cpu(), true); NDArray correct = correctSum.toDevice(Device.cpu(), true)) {
            long images = Math.min(train.size(), (long) steps * recipe.batch());
            double loss = (double) losses.getFloat() / images;
            requireFinite(loss, epoch, steps);
            return new TrainingProgress(epoch + 1, budget.epochs(), steps, budget.stepsPerEpoch(), rateAfter(epoch, steps), loss,
                    (double) correct.getLong() / images, images * 1e9 / (System.nanoTime() - began));
        }
    }

    private double rateAfter(int epoch, int steps) {
        return schedule.learningRate((long) epoch * budget.stepsPerEpoch() + steps - 1, budget);
    }

    private void requireFinite(double loss, int epoch, int steps) {
        if (!Double.isFinite(loss)) {
            throw new IllegalStateException("the loss became " + loss + " in epoch " + (epoch + 1) + ", by step " + steps + ", at a learning rate of "
                    + rateAfter(epoch, steps) + ": a lower rate or a longer warm-up helps; nothing of this run is kept");
        }
    }

    private void requireWhole() {
        if (midEpoch) {
            throw new IllegalStateException("this training broke off within epoch " + (history.size() + 1) + "; start it again, or go on from an earlier state");
        }
    }

    /** All that {@link #resume} needs; only between epochs. @throws IllegalStateException when an epoch was broken off */
    @Override
    public TrainingState state() {
        requireWhole();
        return new TrainingState(live.snapshot(), best, before, live.parameters().download(sgd.buffer()), sgd.previousRate(), history, hooks.state());
    }

    /** What came of it, when all epochs are done, or of the epochs so far. */
    @Override
    public Run run() {
        requireWhole();
        if (history.isEmpty()) {
            throw new IllegalStateException("no epoch is done yet");
        }
        return new Run(schedule.label(), live.snapshot(), best, before, history, schedule, recipe, data.name(),
                validation.isPresent() ? "validation" : "test");
    }

    @Override
    public void close() {
        live.close();
    }
}
