package org.espalier.engine.cpu;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Computes one thread's shard of a batch in evaluation mode, by the norms' running statistics. */
final class ShardInference {
    private final FusedPlan plan;
    private final Map<String, NDArray> parameters;
    private final Map<String, ChannelsLast> weights;
    private final Workspace workspace;
    private final List<SyncBatchNorm.Affine> norms;
    private final ChannelsLast images;
    private final NDManager manager;
    private final ChannelsLast[] outputs;
    private final Map<Downsampling.Of, ChannelsLast> downsampled = new HashMap<>();

    /** @param manager of the images, and of all that this computes */
    ShardInference(FusedPlan plan, Map<String, NDArray> parameters, Map<String, ChannelsLast> weights, Workspace workspace, List<SyncBatchNorm.Affine> norms,
                   NDArray images, NDManager manager) {
        this.plan = plan;
        this.parameters = parameters;
        this.weights = weights;
        this.workspace = workspace;
        this.norms = norms;
        this.images = ChannelsLast.of(images);
        this.manager = manager;
        outputs = new ChannelsLast[norms.size()];
    }

    /** Logits [images, classes]; what no later unit needs is freed at once. */
    NDArray logits() {
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = unit(i);
            for (int j = 0; j < i; j++) {
                if (plan.units().get(i).takes(j) && plan.lastTaker(j) == i) {
                    free(j);
                }
            }
        }
        return plan.head().logits(outputs[outputs.length - 1].array(), parameters);
    }

    private ChannelsLast unit(int number) {
        Unit unit = plan.units().get(number);
        Layer.Conv layer = unit.layer();
        ChannelsLast x = taken(unit.input(), unit.before());
        FloatMemory added = unit.residual() ? taken(unit.added(), unit.shortcut()).memory() : null;
        ChannelsLast out = x.convolved(layer, manager);
        BatchWeights w = new BatchWeights(weights.get(layer.name() + ".weight").memory());
        for (CacheBlock block : workspace.blocks(layer, x, number % 2 == 1)) {
            FloatMemory part = out.part(block);
            workspace.forward(layer, block, x).forward(w, x.part(block), part);
            var addedPart = added == null ? null : added.part(block.from() * out.numbersPerImage(), part.size()).values();
            workspace.kernels(layer.out()).forward(part.values(), addedPart, part.values(), part.size(), norms.get(number), unit.activation());
        }
        return out;
    }

    private ChannelsLast taken(int unit, Optional<Downsampling> by) {
        ChannelsLast whole = unit == Unit.IMAGES ? images : outputs[unit];
        return by.map(one -> downsampled.computeIfAbsent(new Downsampling.Of(unit, one), of -> ChannelsLast.of(one.of(whole.array())))).orElse(whole);
    }

    private void free(int unit) {
        outputs[unit].close();
        downsampled.forEach((of, values) -> {
            if (of.unit() == unit) {
                values.close();
            }
        });
    }
}
