package org.espalier.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
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
            JniUtils.setBenchmarkCuDNN(true);
        }
    }

    @Override
    public NDArray logits(NDArray images) {
        return forward((PtNDArray) images, parameters.views(), false);
    }

    /** All trained numbers are one leaf of the recorded graph, so their gradient is one array too. */
    @Override
    public BatchLoss learn(NDArray images, NDArray labels) {
        PtNDManager manager = (PtNDManager) images.getManager();
        PtNDArray leaf = Functions.leaf(parameters.trained());
        leaf.attach(manager);
        Map<String, PtNDArray> leaves = new HashMap<>(parameters.views());
        NDList logitsAndLoss = Functions.recording(() -> {
            leaves.putAll(parameters.views(leaf));
            NDArray logits = forward((PtNDArray) images, leaves, true);
            return new NDList(logits, CrossEntropy.sum(logits, labels));
        });
        PtNDArray loss = (PtNDArray) logitsAndLoss.get(1);
        JniUtils.backward(loss, (PtNDArray) manager.full(new Shape(), 1f / labels.size()), false, false);
        gradients = JniUtils.getGradient(leaf);
        return new BatchLoss(JniUtils.detachGradient(loss), CrossEntropy.correct(logitsAndLoss.get(0), labels));
    }

    /** Frees what no later unit needs at once; libtorch keeps what its backward pass needs. */
    private PtNDArray forward(PtNDArray images, Map<String, PtNDArray> numbers, boolean training) {
        PtNDArray before = images;
        PtNDArray x = images;
        for (Unit unit : architecture.units()) {
            PtNDArray next = unit(unit, x, before, numbers, training);
            if (before != images) {
                before.close();
            }
            before = x;
            x = next;
        }
        before.close();
        try (PtNDArray last = x) {
            return layer(architecture.head().before(), architecture.head().layer(), last, numbers);
        }
    }

    private static PtNDArray unit(Unit unit, PtNDArray x, PtNDArray twoBefore, Map<String, PtNDArray> numbers, boolean training) {
        String norm = unit.norm().name();
        try (PtNDArray y = layer(unit.before(), unit.layer(), x, numbers);
                PtNDArray normed = JniUtils.batchNorm(y, numbers.get(norm + ".running_mean"), numbers.get(norm + ".running_var"),
                        numbers.get(norm + ".weight"), numbers.get(norm + ".bias"), training, Functions.MOMENTUM, Functions.EPSILON)) {
            if (!unit.residual()) {
                return JniUtils.relu(normed);
            }
            try (PtNDArray sum = added(unit, normed, twoBefore)) {
                return JniUtils.relu(sum);
            }
        }
    }

    private static PtNDArray added(Unit unit, PtNDArray normed, PtNDArray twoBefore) {
        if (unit.shortcut().isEmpty()) {
            return JniUtils.add(normed, twoBefore);
        }
        try (PtNDArray shortened = Functions.shortened(unit.shortcut().get(), twoBefore, unit.width())) {
            return JniUtils.add(normed, shortened);
        }
    }

    private static PtNDArray layer(Pool before, Layer layer, PtNDArray x, Map<String, PtNDArray> numbers) {
        PtNDArray pooled = Functions.pooled(before, x);
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
