package org.espalier.method.gal;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.espalier.data.BatchIterator;
import org.espalier.data.DataLoader;
import org.espalier.data.MemoryFormat;
import org.espalier.engine.device.EngineMode;
import org.espalier.method.MethodContext;
import org.espalier.model.Network;
import org.espalier.random.Randomness;
import org.espalier.train.Epoch;
import org.espalier.train.Evaluation;
import org.espalier.train.ResumableTraining;
import org.espalier.train.Run;
import org.espalier.train.Schedule;
import org.espalier.train.TrainingProgress;
import org.espalier.train.TrainingState;

/**
 * The training of {@link Gal}: for each mini-batch a step of the discriminator, one of the student's weights, and once an epoch one of the masks.
 * Its run's network has the masks in its batch norms; the training loss is the objective mu MSE + BCE + lambda |m|.
 */
final class GalTraining implements ResumableTraining {
    private static final int BATCH = 128;
    /** Of 391 iterations an epoch the authors' code moves the masks at the 200th. */
    private static final double PLACE_OF_MASK_STEP = 200. / 391;

    private final Gal gal;
    private final MethodContext context;
    private final GalNetworks networks;
    private final DataLoader images;
    private final Evaluation before;
    private final List<Epoch> history = new ArrayList<>();
    private final Set<Integer> maskSteps = new TreeSet<>();

    private GalTraining(Gal gal, MethodContext context, List<GalMask> places, Optional<TrainingState> left) {
        this.gal = gal;
        this.context = context;
        before = left.map(TrainingState::before).orElseGet(() -> Evaluation.of(context.original(), context.data()));
        networks = new GalNetworks(gal, context.original(), places, context.recipe().seed());
        images = context.data().train().on(networks.manager(), context.data().normalisation(), MemoryFormat.CONTIGUOUS);
        for (int i = 0; i < gal.maskSteps(); i++) {
            maskSteps.add((int) (steps() * (i + PLACE_OF_MASK_STEP) / gal.maskSteps()));
        }
        left.ifPresent(state -> {
            history.addAll(state.history());
            networks.restore(state, history.size() * maskSteps.size());
        });
    }

    /** Begins, or goes on from what was left. */
    static GalTraining of(Gal gal, MethodContext context, List<GalMask> places, Optional<TrainingState> left) {
        return new GalTraining(gal, context, places, left);
    }

    static double rate(int epoch, int epochs) {
        double done = (double) epoch / epochs;
        return .01 * (done < .3 ? 1 : done < .6 ? .1 : done < .9 ? .01 : .001);
    }

    private int steps() {
        return (images.size() + BATCH - 1) / BATCH;
    }

    @Override
    public boolean isDone() {
        return history.size() == gal.epochs();
    }

    @Override
    public int epochsDone() {
        return history.size();
    }

    @Override
    public Epoch nextEpoch(Consumer<TrainingProgress> watcher) {
        long began = System.nanoTime();
        int epoch = history.size();
        double rate = rate(epoch, gal.epochs());
        try (EngineMode mode = EngineMode.ofWholeBatches()) {
            double loss = epoch(epoch, rate, progress -> watcher.accept(new TrainingProgress(epoch + 1, gal.epochs(), progress.step, steps(), rate,
                    progress.loss, Double.NaN, progress.step * BATCH * 1e9 / (System.nanoTime() - began))));
            history.add(new Epoch(epoch + 1, rate, loss, Double.NaN, OptionalDouble.empty(), Double.NaN, Double.NaN, (System.nanoTime() - began) / 1e9));
        }
        return history.get(epoch);
    }

    private record Progress(int step, double loss) {
    }

    private double epoch(int epoch, double rate, Consumer<Progress> watcher) {
        long seed = context.recipe().seed();
        int[] order = Randomness.permutation(images.size(), Randomness.of(seed, "gal", epoch));
        double sum = 0;
        try (BatchIterator pass = images.pass(order, BATCH, context.recipe().augmentation(), seed, epoch)) {
            for (int step = 0; step < steps(); step++) {
                if (Thread.interrupted()) {
                    throw new CancellationException("GAL was interrupted in epoch " + (epoch + 1) + ", step " + (step + 1));
                }
                try (NDManager scratch = networks.manager().newSubManager()) {
                    sum += networks.step(pass.next(scratch).images(), rate, maskSteps.contains(step));
                }
                if (!Double.isFinite(sum)) {
                    throw new IllegalStateException("the objective of " + gal.text() + " became " + sum + " in epoch " + (epoch + 1) + ", step " + (step + 1)
                            + ": its discriminator or its student diverged; nothing of this run is kept");
                }
                watcher.accept(new Progress(step + 1, sum / (step + 1)));
            }
        }
        return sum / steps();
    }

    @Override
    public TrainingState state() {
        return networks.state(before, history);
    }

    @Override
    public Run run() {
        Network network = networks.folded();
        Schedule rates = Schedule.of("GAL", (step, budget) -> rate(budget.epochOf(step), budget.epochs()));
        return new Run(rates.label(), network, network, before, history, rates, context.recipe().withBatch(BATCH).withWeightDecay(GalNetworks.WEIGHT_DECAY),
                context.data().name(), "test");
    }

    @Override
    public void close() {
        images.close();
        networks.close();
    }
}
