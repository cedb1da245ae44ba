package org.espalier.engine.cpu;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Computes one thread's shard of a batch forward and backward, in training mode: convolutions by {@link Convolution}; norms, additions and
 * activations by {@link BatchNormKernels}; {@link CacheBlock} by {@link CacheBlock} from one norm to the next, because a norm needs the sums of all
 * shards.
 */
final class Shard implements AutoCloseable {
    private final FusedPlan plan;
    private final List<Unit> units;
    private final Map<String, ChannelsLast> weights;
    private final Map<String, ChannelsLast> gradients;
    private final Workspace workspace;
    private final NDManager manager;
    private final ChannelsLast images;
    private final CacheBlock all;
    private final SavedUnit[] saved;
    private HeadLoss headLoss;

    /**
     * @param weights   of the convolutions
     * @param gradients where this shard leaves those of the convolutions' weights
     * @param workspace to work with, for as long as this lives
     */
    Shard(FusedPlan plan, Map<String, ChannelsLast> weights, Map<String, ChannelsLast> gradients, Workspace workspace, NDArray images) {
        this.plan = plan;
        units = plan.units();
        this.weights = weights;
        this.gradients = gradients;
        this.workspace = workspace;
        manager = images.getManager().newSubManager();
        images.attach(manager);
        this.images = ChannelsLast.of(images);
        all = new CacheBlock(0, this.images.images());
        saved = new SavedUnit[units.size()];
    }

    /**
     * Computes this unit's convolution, and before it the norm, addition and activation of the units that it needs.
     *
     * @param normBefore of the unit before, whose batch is known now
     * @return what this unit's norm needs of all shards
     */
    List<ChannelSums> forward(int number, SyncBatchNorm.Affine normBefore) {
        if (number > 0) {
            saved[number - 1].affine = normBefore;
        }
        Unit unit = units.get(number);
        Layer.Conv layer = unit.layer();
        Recorded pool = unit.before().map(before -> Recorded.of(whole(unit.input()), before::of)).orElse(null);
        SavedUnit source = pool != null || unit.input() == Unit.IMAGES ? null : saved[unit.input()];
        ChannelsLast input = pool != null ? pool.values() : source == null ? images : source.convolved;
        if (source != null && !source.there) {
            begin(unit.input());
        }
        SavedUnit here = new SavedUnit(input, pool, input.convolved(layer, manager));
        saved[number] = here;
        BatchWeights w = weightsOf(layer);
        List<ChannelSums> sums = new ArrayList<>();
        for (CacheBlock block : workspace.blocks(layer, input, number % 2 == 1)) {
            FloatMemory x = inputOf(number, block);
            FloatMemory y = here.convolved.part(block);
            workspace.forward(layer, block, input).forward(w, x, y);
            sums.add(workspace.kernels(layer.out()).sums(y.values(), y.size()));
        }
        if (source != null) {
            source.there = source.output != null;
        }
        return sums;
    }

    private BatchWeights weightsOf(Layer.Conv layer) {
        return new BatchWeights(weights.get(layer.name() + ".weight").memory());
    }

    /** Prepares all that a unit's output is computed of. */
    private void begin(int number) {
        Unit unit = units.get(number);
        SavedUnit of = saved[number];
        if (plan.keeps(number)) {
            of.output = of.convolved.like(manager);
        }
        if (unit.residual()) {
            ChannelsLast added = whole(unit.added());
            of.shortcut = unit.shortcut().map(shortcut -> Recorded.of(added, shortcut::of)).orElse(null);
            of.added = of.shortcut == null ? added.memory() : of.shortcut.values().memory();
        }
    }

    /** All of what a kept unit puts out, computed now unless it is there. */
    private ChannelsLast whole(int number) {
        if (number == Unit.IMAGES) {
            return images;
        }
        if (!saved[number].there) {
            begin(number);
            output(number, all);
            saved[number].there = true;
        }
        return saved[number].output;
    }

    /** Computes what a unit puts out, kept or not. */
    private FloatMemory output(int number, CacheBlock block) {
        SavedUnit unit = saved[number];
        FloatMemory values = unit.convolved.part(block);
        FloatMemory out = unit.output == null ? workspace.input.of(values.size()) : unit.output.part(block);
        workspace.kernels(unit.convolved.channels())
                .forward(values.values(), unit.added(block), out.values(), out.size(), unit.affine, units.get(number).activation());
        return out;
    }

    /** What a unit's convolution takes: it is there, or computed now. */
    private FloatMemory inputOf(int number, CacheBlock block) {
        int source = units.get(number).input();
        if (saved[number].pool != null || source == Unit.IMAGES) {
            return saved[number].input.part(block);
        }
        return saved[source].there ? saved[source].output.part(block) : output(source, block);
    }

    /**
     * Computes the last norm and the head forward, the loss, and backward to the last activation.
     *
     * @param means of the norms' batches
     */
    void headAndLoss(SyncBatchNorm.Affine norm, NDArray labels, long batch, Map<String, NDArray> parameters, List<float[]> means) {
        int last = saved.length - 1;
        saved[last].affine = norm;
        ChannelsLast features = whole(last);
        headLoss = HeadLoss.of(plan.head(), features, labels, batch, parameters, manager);
        saved[last].gradient = headLoss.gradient();
        complete(last, features.memory(), all, means);
    }

    HeadLoss headLoss() {
        return headLoss;
    }

    /** What a unit's norm needs of all shards for its backward pass, when all units that take its output have been computed backward. */
    List<ChannelSums> sumsOfGradient(int number) {
        return saved[number].sums;
    }

    /** Computes a unit's norm and convolution backward, and the activation of the unit before. */
    void backward(int number, SyncBatchNorm.Backward norm, List<float[]> means) {
        Unit unit = units.get(number);
        SavedUnit here = saved[number];
        if (unit.residual()) {
            addedBackward(number, means);
        }
        SavedUnit source = unit.input() == Unit.IMAGES ? null : saved[unit.input()];
        ChannelsLast dx = source == null ? null : here.input.like(manager);
        boolean first = source != null && plan.firstTaker(unit.input()) == number;
        boolean fused = first && here.pool == null;
        if (fused) {
            source.gradient = dx;
        }
        Layer.Conv layer = unit.layer();
        BatchWeights w = weightsOf(layer);
        GradientSum dw = new GradientSum(gradients.get(layer.name() + ".weight").memory());
        for (CacheBlock block : workspace.blocks(layer, here.input, (saved.length - number) % 2 == 0)) {
            FloatMemory dy = normBackward(here, block, norm);
            FloatMemory x = inputOf(number, block);
            workspace.backward(layer, block, here.input).backward(w, x, dy, dx == null ? null : dx.part(block), dw);
            if (fused) {
                complete(unit.input(), x, block, means);
            }
        }
        if (source != null && !fused) {
            ChannelsLast gradient = dx;
            if (here.pool != null) {
                gradient = here.pool.backward(dx);
                dx.close();
            }
            if (first) {
                source.gradient = gradient;
                complete(unit.input(), source.output.memory(), all, means);
            } else {
                source.also = gradient;
            }
        }
        if (first && source.also != null) {
            source.also.close();
        }
        here.close(unit.residual());
    }

    /** The addition passes its gradient on, which the shortcut takes to the shape of what is added. */
    private void addedBackward(int number, List<float[]> means) {
        int added = units.get(number).added();
        SavedUnit here = saved[number];
        ChannelsLast gradient = here.shortcut == null ? here.gradient : here.shortcut.backward(here.gradient);
        if (plan.firstTaker(added) == number && units.get(number).input() != added) {
            saved[added].gradient = gradient;
            complete(added, saved[added].output.memory(), all, means);
        } else {
            saved[added].also = gradient;
        }
    }

    /** Computes dL/dy of a unit's convolution. */
    private FloatMemory normBackward(SavedUnit unit, CacheBlock block, SyncBatchNorm.Backward norm) {
        FloatMemory values = unit.convolved.part(block);
        FloatMemory out = workspace.gradient.of(values.size());
        FloatMemory gradient = unit.gradient.part(block);
        workspace.kernels(unit.convolved.channels()).normBackward(gradient.values(), values.values(), out.values(), out.size(), norm);
        return out;
    }

    /** Computes dL/dx of a unit's activation in the place of dL/dy, all of whose parts are known. */
    private void complete(int number, FloatMemory output, CacheBlock block, List<float[]> means) {
        SavedUnit unit = saved[number];
        FloatBuffer gradient = unit.gradient.part(block).values();
        FloatBuffer values = unit.convolved.part(block).values();
        FloatBuffer also = unit.also == null ? null : unit.also.part(block).values();
        unit.sums.add(workspace.kernels(unit.convolved.channels())
                .activationBackward(gradient, also, output.values(), values, output.size(), means.get(number), units.get(number).activation()));
    }

    @Override
    public void close() {
        manager.close();
    }
}
