package org.espalier.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.stream.LongStream;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.data.BatchIterator;
import org.espalier.data.DataLoader;
import org.espalier.data.MemoryFormat;
import org.espalier.engine.Devices;
import org.espalier.engine.EngineMode;
import org.espalier.engine.Libtorch;
import org.espalier.engine.Operations;
import org.espalier.engine.Recording;
import org.espalier.model.Graph;
import org.espalier.model.Network;
import org.espalier.model.GraphNode;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.random.Randomness;
import org.espalier.train.Epoch;
import org.espalier.train.Evaluation;
import org.espalier.train.Run;
import org.espalier.train.Schedule;
import org.espalier.train.Sgd;

/** The training of {@link Gal}: for each mini-batch a step of the discriminator, one of the student's weights, and once an epoch one of the masks. */
final class GalTraining {
    private static final int BATCH = 128;
    private static final double MOMENTUM = .9;
    private static final double WEIGHT_DECAY = 2e-4;
    private static final int[] DISCRIMINATOR = {128, 256, 128, 1};
    /** Of 391 iterations an epoch the authors' code moves the masks at the 200th. */
    private static final double PLACE_OF_MASK_STEP = 200. / 391;

    private final Gal gal;
    private final Graph graph;
    private final List<String> norms;
    private final NDManager manager;
    private final Map<String, NDArray> teacher;
    private final Map<String, NDArray> student;
    private final Map<String, NDArray> discriminator = new LinkedHashMap<>();
    private final Map<String, Sgd> optimizers = new HashMap<>();
    private Fista masks;

    /** @param run its training loss is the objective mu MSE + BCE + lambda |m|; its network is the student without its masks */
    record Outcome(Run run, float[] initialMasks, float[] masks) {
    }

    private GalTraining(Gal gal, MethodContext context, List<String> norms, NDManager manager) {
        this.gal = gal;
        this.norms = norms;
        this.manager = manager;
        graph = context.original().architecture().graph();
        teacher = copies(context.original());
        student = copies(context.original());
        int in = context.original().architecture().classes();
        RandomGenerator random = Randomness.of(context.recipe().seed(), "discriminator", 0);
        for (int layer = 0; layer < DISCRIMINATOR.length; layer++) {
            discriminator.put("d" + layer + ".weight", manager.create(normal(random, DISCRIMINATOR[layer] * in, .01), new Shape(DISCRIMINATOR[layer], in)));
            discriminator.put("d" + layer + ".bias", manager.zeros(new Shape(DISCRIMINATOR[layer])));
            in = DISCRIMINATOR[layer];
        }
        discriminator.forEach((name, array) -> optimizers.put(name, new Sgd(array, WEIGHT_DECAY, false)));
        student.forEach((name, array) -> {
            if (isTrained(name)) {
                optimizers.put(name, new Sgd(array, WEIGHT_DECAY, false));
            }
        });
        masks = Fista.of(normal(Randomness.of(context.recipe().seed(), "masks", 0), norms.size(), 1));
    }

    static Outcome of(Gal gal, MethodContext context, List<String> norms) {
        try (NDManager manager = NDManager.newBaseManager(Devices.current()); EngineMode mode = EngineMode.ofWholeBatches();
                DataLoader images = context.data().train().on(manager, context.data().normalisation(), MemoryFormat.CONTIGUOUS)) {
            Evaluation before = Evaluation.of(context.original(), context.data());
            GalTraining training = new GalTraining(gal, context, norms, manager);
            float[] initial = training.masks.masks();
            Schedule rates = rates();
            List<Epoch> history = new ArrayList<>();
            for (int epoch = 0; epoch < gal.epochs(); epoch++) {
                long began = System.nanoTime();
                double loss = training.epoch(epoch, images, context);
                history.add(new Epoch(epoch + 1, rate(epoch, gal.epochs()), loss, Double.NaN, OptionalDouble.empty(), Double.NaN, Double.NaN,
                        (System.nanoTime() - began) / 1e9));
            }
            Network network = training.network(context.original());
            return new Outcome(new Run(network, network, before, history, rates, context.recipe().withBatch(BATCH).withWeightDecay(WEIGHT_DECAY),
                    context.data().name(), "test"), initial, training.masks.masks());
        }
    }

    private static Schedule rates() {
        return Schedule.of("GAL", (step, budget) -> rate(budget.epochOf(step), budget.epochs()));
    }

    static double rate(int epoch, int epochs) {
        double done = (double) epoch / epochs;
        return .01 * (done < .3 ? 1 : done < .6 ? .1 : done < .9 ? .01 : .001);
    }

    private double epoch(int epoch, DataLoader images, MethodContext context) {
        long seed = context.recipe().seed();
        int steps = (images.size() + BATCH - 1) / BATCH;
        int maskStep = (int) (steps * PLACE_OF_MASK_STEP);
        int[] order = Randomness.permutation(images.size(), Randomness.of(seed, "gal", epoch));
        double sum = 0;
        try (BatchIterator pass = images.pass(order, BATCH, context.recipe().augmentation(), seed, epoch)) {
            for (int step = 0; step < steps; step++) {
                if (Thread.interrupted()) {
                    throw new CancellationException("GAL was interrupted in epoch " + (epoch + 1) + ", step " + (step + 1));
                }
                try (NDManager scratch = manager.newSubManager()) {
                    sum += step(pass.next(scratch).images(), rate(epoch, gal.epochs()), step == maskStep);
                }
                if (!Double.isFinite(sum)) {
                    throw new IllegalStateException("the objective of " + gal.text() + " became " + sum + " in epoch " + (epoch + 1) + ", step " + (step + 1)
                            + ": its discriminator or its student diverged; nothing of this run is kept");
                }
            }
        }
        return sum / steps;
    }

    /** @return the objective before the step */
    private double step(NDArray images, double rate, boolean movesMasks) {
        NDArray wanted = logits(images, teacher, null);
        Map<String, NDArray> leaves = new HashMap<>(student);
        student.forEach((name, array) -> {
            if (isTrained(name)) {
                leaves.put(name, leaf(array, images));
            }
        });
        NDArray mask = leaf(images.getManager().create(masks.masks()), images);
        NDArray logits = Recording.of(() -> logits(images, leaves, mask));
        stepOfDiscriminator(wanted, logits.stopGradient(), rate);
        NDArray loss = Recording.of(() -> wanted.sub(logits).square().mean().mul((float) gal.mu()).add(bce(judged(logits, discriminator), 1)));
        Libtorch.backward(loss, images.getManager().ones(new Shape()));
        leaves.forEach((name, leaf) -> {
            if (isTrained(name)) {
                optimizers.get(name).step(leaf.getGradient(), rate, MOMENTUM);
            }
        });
        float[] before = masks.masks();
        double norm = 0;
        for (float m : before) {
            norm += Math.abs(m);
        }
        if (movesMasks) {
            float[] gradient = mask.getGradient().toFloatArray();
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] += (float) gal.lambda() * Math.signum(before[i]);
            }
            masks = masks.step(gradient, rate, gal.lambda());
        }
        return loss.getFloat() + gal.lambda() * norm;
    }

    /** It learns to tell the original's logits from the student's; the last term is the authors' adversarial regulariser. */
    private void stepOfDiscriminator(NDArray wanted, NDArray logits, double rate) {
        Map<String, NDArray> leaves = new LinkedHashMap<>();
        discriminator.forEach((name, array) -> leaves.put(name, leaf(array, wanted)));
        NDArray loss = Recording.of(() -> {
            NDArray ofStudent = judged(logits, leaves);
            return bce(judged(wanted, leaves), 1).add(bce(ofStudent, 0)).add(bce(ofStudent, 1));
        });
        Libtorch.backward(loss, wanted.getManager().ones(new Shape()));
        leaves.forEach((name, leaf) -> optimizers.get(name).step(leaf.getGradient(), rate, MOMENTUM));
    }

    private static NDArray leaf(NDArray array, NDArray owner) {
        NDArray leaf = Recording.leaf(array);
        leaf.attach(owner.getManager());
        return leaf;
    }

    /** The discriminator's output, in (0, 1). */
    private static NDArray judged(NDArray logits, Map<String, NDArray> tensors) {
        NDArray x = logits;
        for (int layer = 0; layer < DISCRIMINATOR.length; layer++) {
            x = Linear.linear(x, tensors.get("d" + layer + ".weight"), tensors.get("d" + layer + ".bias")).singletonOrThrow();
        }
        return ai.djl.nn.Activation.sigmoid(x);
    }

    /** Mean binary cross-entropy with another sigmoid before it: -log(sigmoid(x)) for label 1, -log(1 - sigmoid(x)) for 0. */
    private static NDArray bce(NDArray x, int label) {
        return (label == 1 ? x.neg() : x).exp().add(1).log().mean();
    }

    /** In training mode, with what blocks add scaled by their masks, if there are any. */
    private NDArray logits(NDArray images, Map<String, NDArray> tensors, NDArray mask) {
        Map<String, NDArray> outputs = new HashMap<>(Map.of(GraphNode.INPUT, images));
        for (GraphNode node : graph.nodes()) {
            NDArray out = Operations.compute(node.op(), node.name(), node.inputs().stream().map(outputs::get).toList(), tensors, true);
            int block = norms.indexOf(node.name());
            outputs.put(node.name(), mask != null && block >= 0 ? out.mul(mask.get(block)) : out);
        }
        return outputs.get(graph.output().name());
    }

    private static boolean isTrained(String name) {
        return !name.contains(".running_");
    }

    private Map<String, NDArray> copies(Network network) {
        Map<String, NDArray> copies = new LinkedHashMap<>();
        network.weights().tensors().forEach((name, tensor) -> {
            try (NDArray borrowed = manager.create(tensor.values(), new Shape(Arrays.stream(tensor.shape()).asLongStream().toArray()))) {
                copies.put(name, borrowed.duplicate());
            }
        });
        return copies;
    }

    private Network network(Network original) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        student.forEach((name, array) -> tensors.put(name, Tensor.of(array.toDevice(Device.cpu(), true).toFloatArray(),
                LongStream.of(array.getShape().getShape()).mapToInt(Math::toIntExact).toArray())));
        return new Network(original.architecture(), new Weights(tensors), original.names());
    }

    private static float[] normal(RandomGenerator random, int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }
}
