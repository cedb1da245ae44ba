package org.espalier.method.gal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.espalier.data.BatchIterator;
import org.espalier.data.DataLoader;
import org.espalier.data.MemoryFormat;
import org.espalier.engine.Devices;
import org.espalier.engine.EngineMode;
import org.espalier.engine.Libtorch;
import org.espalier.engine.Operations;
import org.espalier.engine.Recording;
import org.espalier.method.MethodContext;
import org.espalier.model.Graph;
import org.espalier.model.GraphNode;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.random.Randomness;
import org.espalier.train.Epoch;
import org.espalier.train.EpochwiseTraining;
import org.espalier.train.Evaluation;
import org.espalier.train.Run;
import org.espalier.train.Schedule;
import org.espalier.train.Sgd;
import org.espalier.train.TrainingProgress;
import org.espalier.train.TrainingState;

/**
 * The training of {@link Gal}: for each mini-batch a step of the discriminator, one of the student's weights, and once an epoch one of the masks.
 * Its run's network has the masks in its batch norms; the training loss is the objective mu MSE + BCE + lambda |m|.
 */
final class GalTraining implements EpochwiseTraining {
    private static final int BATCH = 128;
    private static final double MOMENTUM = .9;
    private static final double WEIGHT_DECAY = 2e-4;
    /** Of 391 iterations an epoch the authors' code moves the masks at the 200th. */
    private static final double PLACE_OF_MASK_STEP = 200. / 391;
    private static final String TEACHER = "teacher.";
    private static final String DISCRIMINATOR = "discriminator.";
    private static final String BUFFER = "buffer.";

    private final Gal gal;
    private final MethodContext context;
    private final List<GalMask> places;
    private final Graph graph;
    private final NDManager manager = NDManager.newBaseManager(Devices.current());
    private final DataLoader images;
    private final DeviceTensors teacher;
    private final DeviceTensors student;
    private final DeviceTensors discriminator;
    private final Map<String, Sgd> optimizers = new HashMap<>();
    private final Evaluation before;
    private final List<Epoch> history = new ArrayList<>();
    private final Set<Integer> maskSteps = new TreeSet<>();
    private Fista masks;

    private GalTraining(Gal gal, MethodContext context, List<GalMask> places, Optional<TrainingState> left) {
        this.gal = gal;
        this.context = context;
        this.places = places;
        Network original = context.original();
        graph = original.architecture().graph();
        images = context.data().train().on(manager, context.data().normalisation(), MemoryFormat.CONTIGUOUS);
        for (int i = 0; i < gal.maskSteps(); i++) {
            maskSteps.add((int) (steps() * (i + PLACE_OF_MASK_STEP) / gal.maskSteps()));
        }
        before = left.map(TrainingState::before).orElseGet(() -> Evaluation.of(original, context.data()));
        teacher = DeviceTensors.of(manager, original.weights());
        student = DeviceTensors.of(manager, left.map(state -> state.network().weights()).orElse(original.weights()));
        discriminator = DeviceTensors.of(manager, Discriminator.initial(original.architecture().classes(), context.recipe().seed()));
        discriminator.arrays().forEach((name, array) -> optimizers.put(DISCRIMINATOR + name, new Sgd(array, WEIGHT_DECAY, false)));
        student.arrays().forEach((name, array) -> {
            if (isTrained(name)) {
                optimizers.put(name, new Sgd(array, WEIGHT_DECAY, false));
            }
        });
        masks = Fista.of(initialMasks(gal, context.recipe().seed(), places.stream().mapToInt(GalMask::size).sum()));
        left.ifPresent(this::restore);
    }

    /** Begins, or goes on from what was left. */
    static GalTraining of(Gal gal, MethodContext context, List<GalMask> places, Optional<TrainingState> left) {
        return new GalTraining(gal, context, places, left);
    }

    static float[] initialMasks(Gal gal, long seed, int count) {
        float[] masks = Discriminator.normal(Randomness.of(seed, "masks", 0), count, 1);
        for (int i = 0; i < count && gal.masks() == Gal.Masks.POSITIVE; i++) {
            masks[i] = Math.abs(masks[i]);
        }
        return masks;
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
                try (NDManager scratch = manager.newSubManager()) {
                    sum += step(pass.next(scratch).images(), rate, maskSteps.contains(step));
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

    /** @return the objective before the step */
    private double step(NDArray batch, double rate, boolean movesMasks) {
        NDArray wanted = logits(batch, teacher.arrays(), null, gal.as() == Gal.As.CODE);
        Map<String, NDArray> leaves = leaves(student, batch);
        NDArray mask = leaf(batch.getManager().create(masks.masks()), batch);
        NDArray logits = Recording.of(() -> logits(batch, leaves, mask, true));
        stepOfDiscriminator(wanted, logits.stopGradient(), rate);
        NDArray loss = Recording.of(() -> wanted.sub(logits).square().mean().mul((float) gal.mu()).add(bce(judged(logits, discriminator.arrays()), 1)));
        Libtorch.backward(loss, batch.getManager().ones(new Shape()));
        step(leaves, "", rate);
        float[] now = masks.masks();
        double norm = 0;
        for (float m : now) {
            norm += Math.abs(m);
        }
        if (movesMasks) {
            float[] gradient = mask.getGradient().toFloatArray();
            for (int i = 0; i < gradient.length && gal.as() == Gal.As.CODE; i++) {
                gradient[i] += (float) gal.lambda() * Math.signum(now[i]);
            }
            masks = masks.step(gradient, rate, gal.lambda());
        }
        return loss.getFloat() + gal.lambda() * norm;
    }

    /** It learns to tell the original's logits from the student's; the last term is the authors' adversarial regulariser. */
    private void stepOfDiscriminator(NDArray wanted, NDArray logits, double rate) {
        Map<String, NDArray> leaves = leaves(discriminator, wanted);
        NDArray loss = Recording.of(() -> {
            NDArray ofStudent = judged(logits, leaves);
            return bce(judged(wanted, leaves), 1).add(bce(ofStudent, 0)).add(bce(ofStudent, 1));
        });
        Libtorch.backward(loss, wanted.getManager().ones(new Shape()));
        step(leaves, DISCRIMINATOR, rate);
    }

    private void step(Map<String, NDArray> leaves, String prefix, double rate) {
        leaves.forEach((name, leaf) -> {
            if (isTrained(name)) {
                optimizers.get(prefix + name).step(leaf.getGradient(), rate, MOMENTUM);
            }
        });
    }

    private static Map<String, NDArray> leaves(DeviceTensors tensors, NDArray owner) {
        Map<String, NDArray> leaves = new LinkedHashMap<>();
        tensors.arrays().forEach((name, array) -> leaves.put(name, isTrained(name) ? leaf(array, owner) : array));
        return leaves;
    }

    private static NDArray leaf(NDArray array, NDArray owner) {
        NDArray leaf = Recording.leaf(array);
        leaf.attach(owner.getManager());
        return leaf;
    }

    /** The discriminator's output; in the code, in (0, 1) by a sigmoid of its own. */
    private NDArray judged(NDArray logits, Map<String, NDArray> tensors) {
        NDArray judged = Discriminator.judged(logits, tensors);
        return gal.as() == Gal.As.CODE ? ai.djl.nn.Activation.sigmoid(judged) : judged;
    }

    /** Mean binary cross-entropy with a sigmoid before it: -log(sigmoid(x)) for label 1, -log(1 - sigmoid(x)) for 0. */
    private static NDArray bce(NDArray x, int label) {
        return (label == 1 ? x.neg() : x).exp().add(1).log().mean();
    }

    /** With what is masked scaled by its masks, if there are any. */
    private NDArray logits(NDArray batch, Map<String, NDArray> tensors, NDArray mask, boolean training) {
        Map<String, NDArray> outputs = new HashMap<>(Map.of(GraphNode.INPUT, batch));
        for (GraphNode node : graph.nodes()) {
            NDArray out = Operations.compute(node.op(), node.name(), node.inputs().stream().map(outputs::get).toList(), tensors, training);
            outputs.put(node.name(), mask == null ? out : masked(node.name(), out, mask));
        }
        return outputs.get(graph.output().name());
    }

    private NDArray masked(String node, NDArray out, NDArray mask) {
        int from = 0;
        for (GalMask place : places) {
            if (place.node().equals(node)) {
                Shape shape = out.getShape().dimension() == 4 ? new Shape(1, place.size(), 1, 1) : new Shape(1, place.size());
                return out.mul(place.size() == 1 ? mask.get(from) : mask.get(new NDIndex(from + ":" + (from + place.size()))).reshape(shape));
            }
            from += place.size();
        }
        return out;
    }

    private static boolean isTrained(String name) {
        return !name.contains(".running_");
    }

    @Override
    public TrainingState state() {
        Map<String, NDArray> rest = new LinkedHashMap<>();
        teacher.arrays().forEach((name, array) -> {
            if (!isTrained(name)) {
                rest.put(TEACHER + name, array);
            }
        });
        discriminator.arrays().forEach((name, array) -> {
            rest.put(DISCRIMINATOR + name, array);
            rest.put(BUFFER + name, optimizers.get(DISCRIMINATOR + name).buffer());
        });
        Map<String, NDArray> buffers = new LinkedHashMap<>();
        student.arrays().keySet().stream().filter(GalTraining::isTrained).forEach(name -> buffers.put(name, optimizers.get(name).buffer()));
        Weights others = DeviceTensors.download(rest).with(Map.of("masks", Tensor.of(masks.masks(), masks.masks().length),
                "previous", Tensor.of(masks.previous(), masks.previous().length)));
        Network network = network();
        double rate = optimizers.get(buffers.keySet().iterator().next()).previousRate();
        return new TrainingState(network, network, before, DeviceTensors.download(buffers), rate, history, others);
    }

    private void restore(TrainingState state) {
        history.addAll(state.history());
        Weights rest = state.hooks();
        teacher.set(part(rest, TEACHER));
        discriminator.set(part(rest, DISCRIMINATOR));
        state.buffers().tensors().forEach((name, tensor) -> optimizers.get(name).restore(DeviceTensors.array(manager, tensor), state.previousRate()));
        part(rest, BUFFER).tensors().forEach((name, tensor) -> optimizers.get(DISCRIMINATOR + name)
                .restore(DeviceTensors.array(manager, tensor), state.previousRate()));
        masks = Fista.after(history.size() * maskSteps.size(), rest.get("masks").values(), rest.get("previous").values());
    }

    private static Weights part(Weights all, String prefix) {
        Map<String, Tensor> part = new LinkedHashMap<>();
        all.tensors().forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), tensor);
            }
        });
        return new Weights(part);
    }

    /** The student without its masks. */
    private Network network() {
        return context.original().with(DeviceTensors.download(student.arrays()));
    }

    @Override
    public Run run() {
        Network network = Gal.folded(network(), places, masks.masks());
        Schedule rates = Schedule.of("GAL", (step, budget) -> rate(budget.epochOf(step), budget.epochs()));
        return new Run(network, network, before, history, rates, context.recipe().withBatch(BATCH).withWeightDecay(WEIGHT_DECAY), context.data().name(), "test");
    }

    @Override
    public void close() {
        images.close();
        manager.close();
    }
}
