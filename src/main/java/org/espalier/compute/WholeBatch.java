package org.espalier.compute;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.model.Architecture;
import org.espalier.model.Layer;
import org.espalier.model.Pool;
import org.espalier.model.Unit;

/** All images of a batch at once, on any device; the engine records and computes the gradient. */
final class WholeBatch implements Computation {
    private final Architecture architecture;
    private final Map<String, PtNDArray> parameters;
    private final Map<String, PtNDArray> trained;
    private final Map<String, NDArray> gradients = new LinkedHashMap<>();
    // On the device already: sending a number there makes a step wait.
    private final Map<Long, NDArray> sizes = new HashMap<>();

    WholeBatch(Architecture architecture, Map<String, PtNDArray> parameters, Map<String, PtNDArray> trained) {
        this.architecture = architecture;
        this.parameters = parameters;
        this.trained = trained;
        trained.values().forEach(array -> array.setRequiresGradient(true));
    }

    @Override
    public NDArray logits(NDArray images) {
        return forward((PtNDArray) images, false);
    }

    @Override
    public Learnt learn(NDArray images, NDArray labels) {
        // Also before the first backward pass, since one may have failed half-way.
        trained.values().forEach(JniUtils::zeroGrad);
        NDArray logits;
        NDArray loss;
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            logits = forward((PtNDArray) images, true);
            loss = CrossEntropy.sum(logits, labels);
            collector.backward(loss.div(sizes.computeIfAbsent(labels.size(), this::onDevice)));
        }
        if (gradients.isEmpty()) {
            // A gradient's array stays the same from the first backward pass on; each getGradient() would cost another handle.
            trained.forEach((name, array) -> gradients.put(name, array.getGradient()));
        }
        return new Learnt(loss, CrossEntropy.correct(logits, labels));
    }

    private NDArray onDevice(long size) {
        return trained.values().iterator().next().getManager().create((float) size);
    }

    /** What no later unit needs is let go at once; the engine keeps what backpropagation needs of it. */
    private PtNDArray forward(PtNDArray images, boolean training) {
        PtNDArray before = images;
        PtNDArray x = images;
        for (Unit unit : architecture.units()) {
            PtNDArray next = unit(unit, x, before, training);
            if (before != images) {
                before.close();
            }
            before = x;
            x = next;
        }
        before.close();
        try (PtNDArray last = x) {
            return layer(architecture.head().before(), architecture.head().layer(), last);
        }
    }

    private PtNDArray unit(Unit unit, PtNDArray x, PtNDArray twoBefore, boolean training) {
        String norm = unit.norm().name();
        try (PtNDArray y = layer(unit.before(), unit.layer(), x);
                PtNDArray normed = JniUtils.batchNorm(y, parameters.get(norm + ".running_mean"), parameters.get(norm + ".running_var"),
                        parameters.get(norm + ".weight"), parameters.get(norm + ".bias"), training, Functions.MOMENTUM, Functions.EPSILON)) {
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

    private PtNDArray layer(Pool before, Layer layer, PtNDArray x) {
        PtNDArray pooled = Functions.pooled(before, x);
        try {
            return Functions.layer(layer, pooled, parameters);
        } finally {
            if (pooled != x) {
                pooled.close();
            }
        }
    }

    @Override
    public Map<String, NDArray> gradients() {
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
