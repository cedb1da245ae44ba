package org.espalier.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.HashMap;
import java.util.Map;
import org.espalier.model.Architecture;
import org.espalier.model.Layer;
import org.espalier.model.Pool;
import org.espalier.model.Unit;

/** Computes a network operation by operation over the whole batch, on any device; libtorch records and computes the gradient. */
final class PlainEngine implements Computation {
    private static final String CUDNN_BENCHMARK = "ai.djl.pytorch.cudnn_benchmark";

    private final Architecture architecture;
    private final Parameters parameters;
    private NDArray gradients;

    PlainEngine(Architecture architecture, Parameters parameters) {
        this.architecture = architecture;
        this.parameters = parameters;
        // Batches have few shapes, so it pays to try all of cuDNN's algorithms once for each; the engine's own property says otherwise.
        if (parameters.trained().getDevice().isGpu() && System.getProperty(CUDNN_BENCHMARK) == null) {
            Libtorch.tryCudnnAlgorithms();
        }
    }

    @Override
    public NDArray logits(NDArray images) {
        return forward(images, parameters.views(), false);
    }

    /** All trained numbers are one leaf of the recorded graph, so their gradient is one array too. */
    @Override
    public BatchLoss learn(NDArray images, NDArray labels) {
        NDManager manager = images.getManager();
        NDArray leaf = Functions.leaf(parameters.trained());
        leaf.attach(manager);
        Map<String, NDArray> leaves = new HashMap<>(parameters.views());
        NDList logitsAndLoss = Functions.recording(() -> {
            leaves.putAll(parameters.views(leaf));
            NDArray logits = forward(images, leaves, true);
            return new NDList(logits, CrossEntropy.sum(logits, labels));
        });
        NDArray loss = logitsAndLoss.get(1);
        Libtorch.backward(loss, manager.full(new Shape(), 1f / labels.size()));
        gradients = leaf.getGradient();
        return new BatchLoss(loss.stopGradient(), CrossEntropy.correct(logitsAndLoss.get(0), labels));
    }

    /** Frees what no later unit needs at once; libtorch keeps what its backward pass needs. */
    private NDArray forward(NDArray images, Map<String, NDArray> numbers, boolean training) {
        NDArray before = images;
        NDArray x = images;
        for (Unit unit : architecture.units()) {
            NDArray next = unit(unit, x, before, numbers, training);
            if (before != images) {
                before.close();
            }
            before = x;
            x = next;
        }
        before.close();
        try (NDArray last = x) {
            return layer(architecture.head().before(), architecture.head().layer(), last, numbers);
        }
    }

    private static NDArray unit(Unit unit, NDArray x, NDArray twoBefore, Map<String, NDArray> numbers, boolean training) {
        String norm = unit.norm().name();
        try (NDArray y = layer(unit.before(), unit.layer(), x, numbers);
                NDArray normed = Libtorch.batchNorm(y, numbers.get(norm + ".running_mean"), numbers.get(norm + ".running_var"),
                        numbers.get(norm + ".weight"), numbers.get(norm + ".bias"), training, Functions.MOMENTUM, Functions.EPSILON)) {
            if (!unit.residual()) {
                return Activation.relu(normed);
            }
            try (NDArray sum = added(unit, normed, twoBefore)) {
                return Activation.relu(sum);
            }
        }
    }

    private static NDArray added(Unit unit, NDArray normed, NDArray twoBefore) {
        if (unit.shortcut().isEmpty()) {
            return normed.add(twoBefore);
        }
        try (NDArray shortened = Functions.shortened(unit.shortcut().get(), twoBefore, unit.width())) {
            return normed.add(shortened);
        }
    }

    private static NDArray layer(Pool before, Layer layer, NDArray x, Map<String, NDArray> numbers) {
        NDArray pooled = Functions.pooled(before, x);
        try {
            return Functions.layer(layer, pooled, numbers);
        } finally {
            if (pooled != x) {
                pooled.close();
            }
        }
    }

    @Override
    public NDArray gradients() {
        return gradients;
    }

    @Override
    public EngineMode mode() {
        return EngineMode.ofWholeBatches();
    }

    @Override
    public void close() {
        // The arrays belong to the network's manager.
    }
}
