package org.espalier.compute;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.espalier.model.Head;
import org.espalier.model.Layer;
import org.espalier.model.Unit;

/**
 * A thread's share of a batch on its way through the network and back, in training. The engine computes the layers and their gradients, one
 * by one; norms, additions and ReLUs are {@link ChannelRows}.
 */
final class Share implements AutoCloseable {
    private final List<Unit> units;
    private final Map<String, PtNDArray> parameters;
    private final Map<Integer, ChannelRows> rows;
    private final PtNDManager manager;
    private final PtNDArray images;
    private final Trace[] traces;
    private Map<String, PtNDArray> headWeights;
    private PtNDArray lossSum;
    private PtNDArray correct;

    /** What is kept of a unit from the way through to the way back. Gradients arrive at the input, the shortcut's input, and the weights. */
    private static final class Trace {
        private PtNDArray input;
        private Map<String, PtNDArray> weights;
        private PtNDArray layer;
        private FloatBuffer values;
        private SharedNorm.Affine affine;
        private ChannelsLast output;
        private PtNDArray shortcutInput;
        private PtNDArray shortcut;
        private PtNDArray gradient;
        private FloatBuffer gradientValues;
        /** Whether the gradient is that of the ReLU's input already. */
        private boolean masked;
    }

    /** @param rows to work with, for as long as this lives */
    Share(List<Unit> units, Map<String, PtNDArray> parameters, Map<Integer, ChannelRows> rows, PtNDArray images) {
        this.units = units;
        this.parameters = parameters;
        this.rows = rows;
        this.images = images;
        manager = (PtNDManager) images.getManager().newSubManager();
        images.attach(manager);
        traces = new Trace[units.size()];
    }

    /** A unit's pool and layer; its norm needs what this returns of every share. */
    Moments layer(int number) {
        Unit unit = units.get(number);
        Trace trace = new Trace();
        traces[number] = trace;
        trace.input = number == 0 ? images : end(traces[number - 1].output.view());
        trace.weights = ends(unit.layer());
        trace.layer = recording(() -> Functions.layer(unit.layer(), Functions.pooled(unit.before(), trace.input), trace.weights));
        trace.values = ChannelsLast.values(trace.layer);
        return rows(unit).moments(trace.values, trace.values.capacity());
    }

    /** The rest of the unit. */
    void norm(int number, SharedNorm.Affine affine) {
        Unit unit = units.get(number);
        Trace trace = traces[number];
        FloatBuffer added = unit.residual() ? shortcut(unit, trace, traces[number - 2]) : null;
        trace.affine = affine;
        trace.output = ChannelsLast.like(trace.layer, manager);
        rows(unit).rectify(trace.values, added, trace.output.values(), trace.output.size(), affine);
    }

    private FloatBuffer shortcut(Unit unit, Trace trace, Trace twoBefore) {
        if (unit.shortcut().isEmpty()) {
            return twoBefore.output.values();
        }
        trace.shortcutInput = end(JniUtils.detachGradient(twoBefore.output.view()));
        trace.shortcut = recording(() -> Functions.shortened(unit.shortcut().get(), trace.shortcutInput, unit.width()));
        return ChannelsLast.values(trace.shortcut);
    }

    /**
     * The head, the loss, and the gradient back to the last norm, whose batch has this mean.
     *
     * @param batch how many images all shares have together
     */
    Moments head(Head head, NDArray labels, long batch, float[] mean) {
        PtNDArray input = end(traces[traces.length - 1].output.view());
        headWeights = ends(head.layer());
        PtNDArray logits = recording(() -> Functions.layer(head.layer(), Functions.pooled(head.before(), input), headWeights));
        lossSum = recording(() -> (PtNDArray) CrossEntropy.sum(logits, labels));
        JniUtils.backward(lossSum, (PtNDArray) manager.create(1f / batch), false, false);
        correct = (PtNDArray) CrossEntropy.correct(logits, labels);
        return mask(traces.length - 1, input, mean);
    }

    /** From the unit's ReLU back through its norm and layer. */
    void back(int number, SharedNorm.Backward norm) {
        Trace trace = traces[number];
        if (trace.shortcut != null) {
            JniUtils.backward(trace.shortcut, trace.gradient, false, false);
        }
        if (trace.masked) {
            try (ChannelsLast ofLayer = ChannelsLast.like(trace.layer, manager)) {
                rows(units.get(number)).combine(trace.gradientValues, trace.values, ofLayer.values(), ofLayer.size(), norm);
                JniUtils.backward(trace.layer, ofLayer.view(), false, false);
            }
        } else {
            rows(units.get(number)).combineMasked(trace.gradientValues, trace.values, trace.output.size(), trace.affine, norm);
            JniUtils.backward(trace.layer, trace.gradient, false, false);
        }
        trace.layer.close();
        trace.output.close();
    }

    /** On through the ReLU of this unit, once {@link #back} has been through the next. */
    Moments mask(int number, float[] mean) {
        Moments moments = mask(number, traces[number + 1].input, mean);
        if (number + 2 < traces.length) {
            traces[number + 2].gradient.close();
        }
        return moments;
    }

    private Moments mask(int number, PtNDArray output, float[] mean) {
        Trace trace = traces[number];
        trace.gradient = JniUtils.getGradient(output);
        trace.gradientValues = ChannelsLast.values(trace.gradient);
        FloatBuffer also = gradientOfShortcut(number + 2);
        Unit unit = units.get(number);
        trace.masked = unit.residual() || also != null;
        return trace.masked ? rows(unit).mask(trace.gradientValues, also, trace.output.values(), trace.values, trace.output.size(), mean)
                : rows(unit).masked(trace.gradientValues, trace.values, trace.output.size(), trace.affine, mean);
    }

    /** At the unit that the shortcut to this one comes from; null if there is none. */
    private FloatBuffer gradientOfShortcut(int number) {
        if (number >= traces.length || !units.get(number).residual()) {
            return null;
        }
        Trace residual = traces[number];
        return residual.shortcut == null ? residual.gradientValues : ChannelsLast.values(JniUtils.getGradient(residual.shortcutInput));
    }

    /** Of a layer's weights, by their names, once {@link #back} has been through it. */
    Map<String, PtNDArray> gradients(int number) {
        return gradients(traces[number].weights);
    }

    Map<String, PtNDArray> headGradients() {
        return gradients(headWeights);
    }

    private static Map<String, PtNDArray> gradients(Map<String, PtNDArray> weights) {
        Map<String, PtNDArray> gradients = new LinkedHashMap<>();
        weights.forEach((name, weight) -> {
            gradients.put(name, JniUtils.getGradient(weight));
            weight.close();
        });
        return gradients;
    }

    float lossSum() {
        return lossSum.getFloat();
    }

    long correct() {
        return correct.getLong();
    }

    private static <T> T recording(Supplier<T> function) {
        JniUtils.setGradMode(true);
        try {
            return function.get();
        } finally {
            JniUtils.setGradMode(false);
        }
    }

    private static PtNDArray end(PtNDArray array) {
        JniUtils.attachGradient(array, true);
        return array;
    }

    /** The same memory as the parameters, but with gradients of this share alone. */
    private Map<String, PtNDArray> ends(Layer layer) {
        Map<String, PtNDArray> ends = new HashMap<>();
        layer.shapes().keySet().forEach(name -> {
            PtNDArray alias = JniUtils.detachGradient(parameters.get(name));
            alias.attach(manager);
            ends.put(name, end(alias));
        });
        return ends;
    }

    private ChannelRows rows(Unit unit) {
        return rows.computeIfAbsent(unit.width(), ChannelRows::new);
    }

    @Override
    public void close() {
        manager.close();
    }
}
