package org.espalier.method.gal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.engine.device.DeviceTensors;
import org.espalier.engine.device.Devices;
import org.espalier.engine.device.Libtorch;
import org.espalier.engine.Operations;
import org.espalier.engine.device.Recording;
import org.espalier.model.Graph;
import org.espalier.model.GraphNode;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.random.Randomness;
import org.espalier.train.Epoch;
import org.espalier.train.Evaluation;
import org.espalier.train.Sgd;
import org.espalier.train.TrainingState;

/**
 * The three networks of {@link Gal} on a device: the original, which teaches; its copy, whose blocks or channels are masked; and the discriminator, which
 * tells their logits apart.
 */
final class GalNetworks implements AutoCloseable {
    static final double WEIGHT_DECAY = 2e-4;
    private static final double MOMENTUM = .9;
    private static final String TEACHER = "teacher.";
    private static final String DISCRIMINATOR = "discriminator.";
    private static final String BUFFER = "buffer.";

    private final Gal gal;
    private final List<GalMask> places;
    private final Network original;
    private final Graph graph;
    private final NDManager manager = NDManager.newBaseManager(Devices.current());
    private final DeviceTensors teacher;
    private final DeviceTensors student;
    private final DeviceTensors discriminator;
    private final Map<String, Sgd> optimizers = new HashMap<>();
    private Fista masks;

    GalNetworks(Gal gal, Network original, List<GalMask> places, long seed) {
        this.gal = gal;
        this.original = original;
        this.places = places;
        graph = original.architecture().graph();
        teacher = DeviceTensors.of(manager, original.weights());
        student = DeviceTensors.of(manager, original.weights());
        discriminator = DeviceTensors.of(manager, Discriminator.initial(original.architecture().classes(), seed));
        discriminator.arrays().forEach((name, array) -> optimizers.put(DISCRIMINATOR + name, new Sgd(array, WEIGHT_DECAY, false)));
        student.arrays().forEach((name, array) -> {
            if (isTrained(name)) {
                optimizers.put(name, new Sgd(array, WEIGHT_DECAY, false));
            }
        });
        masks = Fista.of(initialMasks(gal, seed, places.stream().mapToInt(GalMask::size).sum()));
    }

    static float[] initialMasks(Gal gal, long seed, int count) {
        float[] masks = Discriminator.normal(Randomness.of(seed, "masks", 0), count, 1);
        for (int i = 0; i < count && gal.masks() == Gal.Masks.POSITIVE; i++) {
            masks[i] = Math.abs(masks[i]);
        }
        return masks;
    }

    NDManager manager() {
        return manager;
    }

    /** @return the objective before the step */
    double step(NDArray batch, double rate, boolean movesMasks) {
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

    /** The student without its masks. */
    Network student() {
        return original.with(student.download());
    }

    /** The student with its masks in its batch norms. */
    Network folded() {
        return Gal.folded(student(), places, masks.masks());
    }

    TrainingState state(Evaluation before, List<Epoch> history) {
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
        student.arrays().keySet().stream().filter(GalNetworks::isTrained).forEach(name -> buffers.put(name, optimizers.get(name).buffer()));
        Weights others = new DeviceTensors(rest).download().with(Map.of("masks", Tensor.of(masks.masks(), masks.masks().length),
                "previous", Tensor.of(masks.previous(), masks.previous().length)));
        Network network = student();
        double rate = optimizers.get(buffers.keySet().iterator().next()).previousRate();
        return new TrainingState(network, network, before, new DeviceTensors(buffers).download(), rate, history, others);
    }

    /** @param maskSteps that were done */
    void restore(TrainingState state, int maskSteps) {
        Weights rest = state.hooks();
        student.set(state.network().weights());
        teacher.set(rest.under(TEACHER));
        discriminator.set(rest.under(DISCRIMINATOR));
        state.buffers().tensors().forEach((name, tensor) -> optimizers.get(name).restore(DeviceTensors.array(manager, tensor), state.previousRate()));
        rest.under(BUFFER).tensors().forEach((name, tensor) -> optimizers.get(DISCRIMINATOR + name)
                .restore(DeviceTensors.array(manager, tensor), state.previousRate()));
        masks = Fista.after(maskSteps, rest.get("masks").values(), rest.get("previous").values());
    }

    @Override
    public void close() {
        manager.close();
    }
}
