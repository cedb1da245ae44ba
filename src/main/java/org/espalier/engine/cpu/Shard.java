package org.espalier.engine.cpu;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Computes one thread's shard of a batch forward and backward, in training mode: convolutions by {@link Convolution}; norms, additions and ReLUs
 * by {@link BatchNormKernels}; {@link CacheBlock} by {@link CacheBlock} from one norm to the next, because a norm needs the sums of all shards.
 */
final class Shard implements AutoCloseable {
    private final List<Unit> units;
    private final Map<String, ChannelsLast> weights;
    private final Map<String, ChannelsLast> gradients;
    private final Workspace workspace;
    private final NDManager manager;
    private final ChannelsLast images;
    private final Saved[] saved;
    private HeadLoss headLoss;

    /** What the backward pass of a unit needs of its forward pass. */
    private static final class Saved {
        private final ChannelsLast convolved;
        private SyncBatchNorm.Affine affine;
        /** Null unless it is kept. */
        private ChannelsLast output;
        /** What is added before the ReLU; null if nothing is. */
        private FloatMemory added;
        /** Null where what is added has the right shape already. */
        private DownsampledShortcut shortcut;
        /** dL/dx of the ReLU, once it is known. */
        private ChannelsLast gradient;

        Saved(ChannelsLast convolved) {
            this.convolved = convolved;
        }
    }

    /**
     * @param weights   of the convolutions
     * @param gradients where this shard leaves those of the convolutions' weights
     * @param workspace to work with, for as long as this lives
     */
    Shard(List<Unit> units, Map<String, ChannelsLast> weights, Map<String, ChannelsLast> gradients, Workspace workspace, NDArray images) {
        this.units = units;
        this.weights = weights;
        this.gradients = gradients;
        this.workspace = workspace;
        manager = images.getManager().newSubManager();
        images.attach(manager);
        this.images = ChannelsLast.of(images);
        saved = new Saved[units.size()];
    }

    /**
     * Computes norm, addition and ReLU of the unit before, if there is one, and this unit's convolution.
     *
     * @return what this unit's norm needs of all shards
     */
    List<ChannelSums> forward(int number, SyncBatchNorm.Affine normBefore) {
        if (number > 0) {
            begin(number - 1, normBefore);
        }
        Layer.Conv layer = (Layer.Conv) units.get(number).layer();
        ChannelsLast input = shapeOfInput(number);
        Saved unit = new Saved(input.convolved(layer, manager));
        saved[number] = unit;
        BatchWeights w = weightsOf(layer);
        List<ChannelSums> sums = new ArrayList<>();
        for (CacheBlock block : workspace.blocks(input, number % 2 == 1)) {
            FloatMemory x = number == 0 ? images.part(block) : output(saved[number - 1], block);
            FloatMemory y = unit.convolved.part(block);
            workspace.forward(layer, block, input).forward(w, x, y);
            sums.add(workspace.kernels(layer.out()).sums(y.values(), y.size()));
        }
        return sums;
    }

    private ChannelsLast shapeOfInput(int number) {
        return number == 0 ? images : saved[number - 1].convolved;
    }

    private BatchWeights weightsOf(Layer.Conv layer) {
        return new BatchWeights(weights.get(layer.name() + ".weight").memory());
    }

    /** Prepares all that a unit's output is computed of. */
    private void begin(int number, SyncBatchNorm.Affine affine) {
        Unit unit = units.get(number);
        Saved of = saved[number];
        of.affine = affine;
        if (isKept(number)) {
            of.output = of.convolved.like(manager);
        }
        if (unit.shortcut().isPresent()) {
            of.shortcut = DownsampledShortcut.of(unit, saved[number - 2].output);
            of.added = of.shortcut.values();
        } else if (unit.residual()) {
            of.added = saved[number - 2].output.memory();
        }
    }

    /** Whether a unit's output is kept: where a shortcut starts or ends. All others are computed again backward, which is faster than to read them. */
    private boolean isKept(int number) {
        return units.get(number).residual() || number + 2 < saved.length && units.get(number + 2).residual();
    }

    /** Computes what a unit puts out, kept or not. */
    private FloatMemory output(Saved unit, CacheBlock block) {
        FloatMemory values = unit.convolved.part(block);
        FloatMemory out = unit.output == null ? workspace.input.of(values.size()) : unit.output.part(block);
        workspace.kernels(unit.convolved.channels()).normRelu(values.values(), part(unit.added, unit, block), out.values(), out.size(), unit.affine);
        return out;
    }

    private static FloatBuffer part(FloatMemory whole, Saved unit, CacheBlock block) {
        int numbers = unit.convolved.numbersPerImage();
        return whole == null ? null : whole.part(block.from() * numbers, block.images() * numbers).values();
    }

    /**
     * Computes the last norm and the head forward, the loss, and backward to the last ReLU.
     *
     * @param mean of the last norm's batch
     */
    List<ChannelSums> headAndLoss(SyncBatchNorm.Affine norm, Head head, NDArray labels, long batch, Map<String, NDArray> parameters, float[] mean) {
        int last = saved.length - 1;
        CacheBlock all = new CacheBlock(0, images.images());
        begin(last, norm);
        output(saved[last], all);
        headLoss = HeadLoss.of(head, saved[last].output, labels, batch, parameters, manager);
        saved[last].gradient = headLoss.gradient();
        return List.of(reluBackward(saved[last], saved[last].output.memory(), null, all, mean));
    }

    HeadLoss headLoss() {
        return headLoss;
    }

    /**
     * Computes a unit's norm and convolution backward, and the ReLU of the unit before.
     *
     * @param meanBefore of the batch of the norm before
     * @return what the norm before needs of all shards
     */
    List<ChannelSums> backward(int number, SyncBatchNorm.Backward norm, float[] meanBefore) {
        Saved unit = saved[number];
        if (unit.shortcut != null) {
            unit.shortcut.backward(unit.gradient);
        }
        Saved before = number == 0 ? null : saved[number - 1];
        FloatMemory ofShortcut = gradientOfShortcutFrom(number - 1);
        ChannelsLast input = shapeOfInput(number);
        if (before != null) {
            before.gradient = input.like(manager);
        }
        Layer.Conv layer = (Layer.Conv) units.get(number).layer();
        BatchWeights w = weightsOf(layer);
        GradientSum dw = new GradientSum(gradients.get(layer.name() + ".weight").memory());
        List<ChannelSums> sums = new ArrayList<>();
        for (CacheBlock block : workspace.blocks(input, (saved.length - number) % 2 == 0)) {
            FloatMemory dy = normBackward(unit, block, norm);
            FloatMemory x = inputOf(number, block);
            FloatMemory dx = before == null ? null : before.gradient.part(block);
            workspace.backward(layer, block, input).backward(w, x, dy, dx, dw);
            if (before != null) {
                sums.add(reluBackward(before, x, ofShortcut, block, meanBefore));
            }
        }
        unit.convolved.close();
        if (unit.output != null) {
            unit.output.close();
        }
        if (number + 1 < saved.length) {
            saved[number + 1].gradient.close();
        }
        return sums;
    }

    private FloatMemory inputOf(int number, CacheBlock block) {
        if (number == 0) {
            return images.part(block);
        }
        Saved before = saved[number - 1];
        return before.output == null ? output(before, block) : before.output.part(block);
    }

    /** Computes dL/dy of a unit's convolution. */
    private FloatMemory normBackward(Saved unit, CacheBlock block, SyncBatchNorm.Backward norm) {
        FloatMemory values = unit.convolved.part(block);
        FloatMemory out = workspace.gradient.of(values.size());
        FloatMemory gradient = unit.gradient.part(block);
        workspace.kernels(unit.convolved.channels()).normBackward(gradient.values(), values.values(), out.values(), out.size(), norm);
        return out;
    }

    /**
     * Computes dL/dx of a unit's ReLU in the place of dL/dy.
     *
     * @param output     of the unit
     * @param ofShortcut the gradient that arrives by a shortcut, or null
     */
    private ChannelSums reluBackward(Saved unit, FloatMemory output, FloatMemory ofShortcut, CacheBlock block, float[] mean) {
        FloatBuffer gradient = unit.gradient.part(block).values();
        FloatBuffer values = unit.convolved.part(block).values();
        return workspace.kernels(unit.convolved.channels())
                .reluBackward(gradient, part(ofShortcut, unit, block), output.values(), values, output.size(), mean);
    }

    /** Null if no shortcut starts at this unit. */
    private FloatMemory gradientOfShortcutFrom(int number) {
        int end = number + 2;
        if (number < 0 || end >= saved.length || !units.get(end).residual()) {
            return null;
        }
        return saved[end].shortcut == null ? saved[end].gradient.memory() : saved[end].shortcut.gradient();
    }

    @Override
    public void close() {
        manager.close();
    }
}
