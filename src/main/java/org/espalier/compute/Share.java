package org.espalier.compute;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.espalier.model.Head;
import org.espalier.model.Layer;
import org.espalier.model.Unit;

/**
 * A thread's share of a batch on its way through the network and back, in training: convolutions by {@link Convolution}, norms, additions and
 * ReLUs by {@link ChannelRows}, {@link Piece} by piece from one norm to the next, because a norm needs all shares.
 */
final class Share implements AutoCloseable {
    private final List<Unit> units;
    private final Map<String, ChannelsLast> weights;
    private final Map<String, ChannelsLast> gradients;
    private final Workspace workspace;
    private final PtNDManager manager;
    private final ChannelsLast images;
    private final Trace[] traces;
    private Classification classification;

    /** What is kept of a unit from the way through to the way back. */
    private static final class Trace {
        private final ChannelsLast convolved;
        private SharedNorm.Affine affine;
        /** Null unless it is kept. */
        private ChannelsLast output;
        /** What is added before the ReLU; null if nothing is. */
        private Memory added;
        /** Null where what is added has the right shape already. */
        private ShortenedShortcut shortcut;
        /** Of the ReLU's input. */
        private ChannelsLast gradient;

        Trace(ChannelsLast convolved) {
            this.convolved = convolved;
        }
    }

    /**
     * @param weights   of the convolutions
     * @param gradients where this share leaves those of the convolutions' weights
     * @param workspace to work with, for as long as this lives
     */
    Share(List<Unit> units, Map<String, ChannelsLast> weights, Map<String, ChannelsLast> gradients, Workspace workspace, PtNDArray images) {
        this.units = units;
        this.weights = weights;
        this.gradients = gradients;
        this.workspace = workspace;
        manager = (PtNDManager) images.getManager().newSubManager();
        images.attach(manager);
        this.images = ChannelsLast.of(images);
        traces = new Trace[units.size()];
    }

    /** Through the norm of the unit before, if there is one, and this one's convolution; this one's norm needs what is returned of all shares. */
    List<Moments> convolve(int number, SharedNorm.Affine normBefore) {
        if (number > 0) {
            begin(number - 1, normBefore);
        }
        Layer.Conv layer = (Layer.Conv) units.get(number).layer();
        ChannelsLast input = shapeOfInput(number);
        Trace trace = new Trace(input.convolved(layer, manager));
        traces[number] = trace;
        List<Moments> moments = new ArrayList<>();
        boolean more = false;
        for (Piece piece : workspace.pieces(input, number % 2 == 1)) {
            Memory from = number == 0 ? images.part(piece) : rectified(traces[number - 1], piece);
            Memory out = trace.convolved.part(piece);
            workspace.forward(layer, piece, input).forward(weightsOf(layer), from, out, more);
            more = true;
            moments.add(workspace.rows(layer.out()).moments(out.values(), out.size()));
        }
        return moments;
    }

    private ChannelsLast shapeOfInput(int number) {
        return number == 0 ? images : traces[number - 1].convolved;
    }

    private Memory weightsOf(Layer.Conv layer) {
        return weights.get(layer.name() + ".weight").memory();
    }

    /** All that a unit's output needs but to be computed. */
    private void begin(int number, SharedNorm.Affine affine) {
        Unit unit = units.get(number);
        Trace trace = traces[number];
        trace.affine = affine;
        if (isKept(number)) {
            trace.output = trace.convolved.like(manager);
        }
        if (unit.shortcut().isPresent()) {
            trace.shortcut = ShortenedShortcut.of(unit, traces[number - 2].output);
            trace.added = trace.shortcut.values();
        } else if (unit.residual()) {
            trace.added = traces[number - 2].output.memory();
        }
    }

    /** What goes into a shortcut or comes out of one; all else is computed again on the way back, which is faster than to read it. */
    private boolean isKept(int number) {
        return units.get(number).residual() || number + 2 < traces.length && units.get(number + 2).residual();
    }

    /** What a unit puts out, kept or not. */
    private Memory rectified(Trace trace, Piece piece) {
        Memory values = trace.convolved.part(piece);
        Memory out = trace.output == null ? workspace.input.of(values.size()) : trace.output.part(piece);
        workspace.rows(trace.convolved.channels()).rectify(values.values(), part(trace.added, trace, piece), out.values(), out.size(), trace.affine);
        return out;
    }

    private static FloatBuffer part(Memory whole, Trace trace, Piece piece) {
        int numbers = trace.convolved.numbersPerImage();
        return whole == null ? null : whole.part(piece.from() * numbers, piece.images() * numbers).values();
    }

    /** Through the last norm, whose batch has this mean, and the head to the loss, and back to that norm. */
    List<Moments> classify(SharedNorm.Affine norm, Head head, NDArray labels, long batch, Map<String, PtNDArray> parameters, float[] mean) {
        int last = traces.length - 1;
        Piece all = new Piece(0, images.images());
        begin(last, norm);
        rectified(traces[last], all);
        classification = Classification.of(head, traces[last].output, labels, batch, parameters, manager);
        traces[last].gradient = classification.gradient();
        return List.of(mask(traces[last], traces[last].output.memory(), null, all, mean));
    }

    Classification classification() {
        return classification;
    }

    /** From a unit's ReLU back through its norm and convolution, and on through the ReLU of the unit before, whose batch has this mean. */
    List<Moments> back(int number, SharedNorm.Backward norm, float[] meanBefore) {
        Trace trace = traces[number];
        if (trace.shortcut != null) {
            trace.shortcut.backward(trace.gradient);
        }
        Trace before = number == 0 ? null : traces[number - 1];
        Memory also = gradientOfShortcutFrom(number - 1);
        ChannelsLast input = shapeOfInput(number);
        if (before != null) {
            before.gradient = input.like(manager);
        }
        Layer.Conv layer = (Layer.Conv) units.get(number).layer();
        Memory ofWeights = gradients.get(layer.name() + ".weight").memory();
        List<Moments> moments = new ArrayList<>();
        boolean more = false;
        for (Piece piece : workspace.pieces(input, (traces.length - number) % 2 == 0)) {
            Memory gradient = combined(trace, piece, norm);
            Memory from = inputOf(number, piece);
            Memory ofInput = before == null ? null : before.gradient.part(piece);
            workspace.backward(layer, piece, input).backward(weightsOf(layer), from, gradient, ofInput, ofWeights, more);
            if (before != null) {
                moments.add(mask(before, from, also, piece, meanBefore));
            }
            more = true;
        }
        trace.convolved.close();
        if (trace.output != null) {
            trace.output.close();
        }
        if (number + 1 < traces.length) {
            traces[number + 1].gradient.close();
        }
        return moments;
    }

    private Memory inputOf(int number, Piece piece) {
        if (number == 0) {
            return images.part(piece);
        }
        Trace before = traces[number - 1];
        return before.output == null ? rectified(before, piece) : before.output.part(piece);
    }

    /** The gradient of what the convolution put out. */
    private Memory combined(Trace trace, Piece piece, SharedNorm.Backward norm) {
        Memory values = trace.convolved.part(piece);
        Memory out = workspace.gradient.of(values.size());
        Memory gradient = trace.gradient.part(piece);
        workspace.rows(trace.convolved.channels()).combine(gradient.values(), values.values(), out.values(), out.size(), norm);
        return out;
    }

    /**
     * @param output what the unit put out
     * @param also   the gradient that arrives by a shortcut, or null
     */
    private Moments mask(Trace trace, Memory output, Memory also, Piece piece, float[] mean) {
        FloatBuffer gradient = trace.gradient.part(piece).values();
        FloatBuffer values = trace.convolved.part(piece).values();
        return workspace.rows(trace.convolved.channels()).mask(gradient, part(also, trace, piece), output.values(), values, output.size(), mean);
    }

    /** Null if none starts at this unit. */
    private Memory gradientOfShortcutFrom(int number) {
        int end = number + 2;
        if (number < 0 || end >= traces.length || !units.get(end).residual()) {
            return null;
        }
        return traces[end].shortcut == null ? traces[end].gradient.memory() : traces[end].shortcut.gradient();
    }

    @Override
    public void close() {
        manager.close();
    }
}
