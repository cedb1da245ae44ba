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
import org.espalier.compute.Devices;
import org.espalier.compute.Execution;
import org.espalier.compute.Learnt;
import org.espalier.compute.LiveNetwork;
import org.espalier.data.Batch;
import org.espalier.data.BatchIterator;
import org.espalier.data.DataLoader;
import org.espalier.data.Dataset;
import org.espalier.model.Network;
import org.espalier.model.Vgg;
import org.espalier.random.Randomness;

/**
 * A training under way: {@link #nextEpoch} until {@link #isDone}, then {@link #run}. Between two epochs its {@link #state} can be kept, and
 * another process can go on from it to the same result, bit for bit.
 *
 * <p>Everything that is drawn comes from the recipe's seed and the epoch's number. Within an epoch nothing waits for the device, but for a
 * look at the loss once in a while.
 */
public final class Training implements AutoCloseable {
    private static final long LOOK_NANOS = 500_000_000;

    private final Schedule schedule;
    private final Budget budget;
    private final Dataset data;
    private final Recipe recipe;
    final LiveNetwork live;
    private final Sgd sgd;
    private final DataLoader train;
    private final Optional<DataLoader> validation;
    private final DataLoader test;
    private final NDArray lossSum;
    private final NDArray correctSum;
    private final List<Epoch> history = new ArrayList<>();
    private final Evaluation before;
    private Network best;
    private boolean midEpoch;

    private Training(LiveNetwork live, Network network, Schedule schedule, int epochs, Dataset data, Recipe recipe, Optional<TrainingState> state) {
        this.schedule = schedule;
        this.data = data;
        this.recipe = recipe;
        budget = Budget.of(epochs, data.train().size(), recipe.batch());
        this.live = live;
        NDManager manager = live.manager();
        train = Evaluation.loader(live, data.train(), data.normalisation());
        validation = data.validation().map(images -> Evaluation.loader(live, images, data.normalisation()));
        test = Evaluation.loader(live, data.test(), data.normalisation());
        lossSum = manager.zeros(new Shape());
        correctSum = manager.zeros(new Shape(), DataType.INT64);
        sgd = new Sgd(live.trained(), recipe.weightDecay(), recipe.nesterov());
        best = network;
        state.ifPresent(saved -> {
            sgd.restore(live.upload(saved.buffers()), saved.previousRate());
            history.addAll(saved.history());
            best = saved.best();
        });
        before = state.map(TrainingState::before).orElseGet(() -> Evaluation.of(live, test));
    }

    /** On the first GPU, or the CPU where there is none, executed as the rule for that device has it. */
    public static Training start(Network network, Schedule schedule, int epochs, Dataset data, Recipe recipe) {
        Device device = Devices.current();
        return start(network, schedule, epochs, data, recipe, device, Execution.on(device, network.architecture()));
    }

    /** @throws IllegalArgumentException when the data doesn't fit the network, or there are no epochs */
    public static Training start(Network network, Schedule schedule, int epochs, Dataset data, Recipe recipe, Device device, Execution execution) {
        return on(device, execution, network, schedule, epochs, data, recipe, Optional.empty());
    }

    /** Goes on from a state of a training that was started with the same arguments. */
    public static Training resume(TrainingState state, Schedule schedule, int epochs, Dataset data, Recipe recipe, Device device, Execution execution) {
        return on(device, execution, state.network(), schedule, epochs, data, recipe, Optional.of(state));
    }

    private static Training on(Device device, Execution execution, Network network, Schedule schedule, int epochs, Dataset data, Recipe recipe,
                               Optional<TrainingState> state) {
        Evaluation.requireFit(network, data);
        requireBatchNormFit(network, data.train().size(), recipe.batch());
        LiveNetwork live = LiveNetwork.on(device, network, execution);
        try {
            return new Training(live, network, schedule, epochs, data, recipe, state);
        } catch (RuntimeException | Error e) {
            live.close();
            throw e;
        }
    }

    /** Batch norm behind a linear layer has one value per image and channel, and can't take the deviation of one. */
    private static void requireBatchNormFit(Network network, int images, int batch) {
        if (network.architecture() instanceof Vgg && (batch == 1 || images % batch == 1)) {
            throw new IllegalArgumentException("the last batch of " + images + " images in batches of " + batch
                    + " has one image, which the batch norm of VGG's hidden layer can't train on; choose another batch");
        }
    }

    public boolean isDone() {
        return history.size() == budget.epochs();
    }

    public int epochsDone() {
        return history.size();
    }

    public Epoch nextEpoch() {
        return nextEpoch(moment -> {
        });
    }

    /**
     * @param watcher told where the training stands, about twice a second
     * @throws CancellationException when the thread is interrupted; noticed before the next step
     * @throws IllegalStateException when the loss is no longer a number
     */
    public Epoch nextEpoch(Consumer<Moment> watcher) {
        if (isDone()) {
            throw new IllegalStateException("all " + budget.epochs() + " epochs are done");
        }
        requireWhole();
        midEpoch = true;
        int epoch = history.size();
        long began = System.nanoTime();
        try (var mode = live.mode()) {
            Moment end = train(epoch, began, watcher);
            OptionalDouble validated = validation.map(images -> OptionalDouble.of(Evaluation.of(live, images).accuracy())).orElse(OptionalDouble.empty());
            Evaluation tested = Evaluation.of(live, test);
            requireFinite(tested.loss(), epoch, budget.stepsPerEpoch());
            Epoch done = new Epoch(epoch + 1, schedule.learningRate((long) epoch * budget.stepsPerEpoch(), budget), end.loss(), end.accuracy(),
                    validated, tested.loss(), tested.accuracy(), (System.nanoTime() - began) / 1e9, tested.topFive());
            if (history.stream().allMatch(earlier -> earlier.selectionAccuracy() < done.selectionAccuracy())) {
                best = live.snapshot();
            }
            history.add(done);
            midEpoch = false;
            return done;
        }
    }

    private Moment train(int epoch, long began, Consumer<Moment> watcher) {
        int[] order = Randomness.permutation(train.size(), Randomness.of(recipe.seed(), "shuffle", epoch));
        lossSum.subi(lossSum);
        correctSum.subi(correctSum);
        long looked = began;
        try (BatchIterator pass = train.pass(order, recipe.batch(), recipe.augmentation(), recipe.seed(), epoch)) {
            for (int step = 0; step < budget.stepsPerEpoch(); step++) {
                if (Thread.interrupted()) {
                    throw new CancellationException("the training was interrupted in epoch " + (epoch + 1) + ", step " + (step + 1));
                }
                long number = (long) epoch * budget.stepsPerEpoch() + step;
                step(pass, schedule.learningRate(number, budget), schedule.momentum(number, budget));
                if (System.nanoTime() - looked > LOOK_NANOS) {
                    watcher.accept(look(epoch, step + 1, began));
                    looked = System.nanoTime();
                }
            }
        }
        return look(epoch, budget.stepsPerEpoch(), began);
    }

    private void step(BatchIterator pass, double rate, double momentum) {
        try (NDManager step = live.manager().newSubManager()) {
            Batch batch = pass.next(step);
            Learnt learnt = live.learn(batch.images(), batch.labels());
            sgd.step(live.gradients(), rate, momentum);
            lossSum.addi(learnt.lossSum());
            correctSum.addi(learnt.correct());
        }
    }

    /** Waits for the device, whose arrays would keep the copies that they are read from for as long as they live. */
    private Moment look(int epoch, int steps, long began) {
        try (NDArray losses = lossSum.toDevice(Device.cpu(), true); NDArray correct = correctSum.toDevice(Device.cpu(), true)) {
            return look(epoch, steps, began, losses.getFloat(), correct.getLong());
        }
    }

    private Moment look(int epoch, int steps, long began, double losses, long correct) {
        long images = Math.min(train.size(), (long) steps * recipe.batch());
        double loss = losses / images;
        requireFinite(loss, epoch, steps);
        return new Moment(epoch + 1, budget.epochs(), steps, budget.stepsPerEpoch(),
                schedule.learningRate((long) epoch * budget.stepsPerEpoch() + steps - 1, budget),
                loss, (double) correct / images, images * 1e9 / (System.nanoTime() - began));
    }

    private void requireFinite(double loss, int epoch, int steps) {
        if (!Double.isFinite(loss)) {
            throw new IllegalStateException("the loss became " + loss + " in epoch " + (epoch + 1) + ", by step " + steps + ", at a learning rate of "
                    + schedule.learningRate((long) epoch * budget.stepsPerEpoch() + steps - 1, budget)
                    + ": a lower rate or a longer warm-up helps; nothing of this run is kept");
        }
    }

    private void requireWhole() {
        if (midEpoch) {
            throw new IllegalStateException("this training broke off within epoch " + (history.size() + 1) + "; start it again, or go on from an earlier state");
        }
    }

    /** All that {@link #resume} needs; only between epochs. @throws IllegalStateException when an epoch was broken off */
    public TrainingState state() {
        requireWhole();
        return new TrainingState(live.snapshot(), best, before, live.download(sgd.buffer()), sgd.previousRate(), history);
    }

    /** What came of it, when all epochs are done, or of the epochs so far. */
    public Run run() {
        requireWhole();
        if (history.isEmpty()) {
            throw new IllegalStateException("no epoch is done yet");
        }
        return new Run(live.snapshot(), best, before, history, schedule, recipe, data.name(), validation.isPresent() ? "validation" : "test");
    }

    @Override
    public void close() {
        live.close();
    }
}
