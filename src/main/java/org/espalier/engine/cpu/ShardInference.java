package org.espalier.engine.cpu;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;

/** Computes one thread's shard of a batch in evaluation mode, by the norms' running statistics. */
record ShardInference(FusedPlan plan, Map<String, NDArray> parameters, Map<String, ChannelsLast> weights, Workspace workspace,
                 List<SyncBatchNorm.Affine> norms) {

    /** Logits [images, classes], which belong to the manager; what no later unit needs is freed at once. */
    NDArray logits(NDArray images, NDManager manager) {
        ChannelsLast[] outputs = new ChannelsLast[norms.size()];
        ChannelsLast first = ChannelsLast.of(images);
        for (int i = 0; i < norms.size(); i++) {
            Unit unit = plan.units().get(i);
            outputs[i] = unit(i, unit.input() == Unit.IMAGES ? first : outputs[unit.input()], unit.residual() ? outputs[unit.added()] : null, manager);
            for (int j = 0; j < i; j++) {
                if (plan.units().get(i).takes(j) && plan.lastTaker(j) == i) {
                    outputs[j].close();
                }
            }
        }
        return plan.head().logits(outputs[norms.size() - 1].array(), parameters);
    }

    private ChannelsLast unit(int number, ChannelsLast from, ChannelsLast addedFrom, NDManager manager) {
        Unit unit = plan.units().get(number);
        Layer.Conv layer = unit.layer();
        ChannelsLast x = unit.before().map(pool -> ChannelsLast.of(pool.of(from.array()))).orElse(from);
        FloatMemory added = addedFrom == null ? null
                : unit.shortcut().map(shortcut -> ChannelsLast.of(shortcut.of(addedFrom.array()))).orElse(addedFrom).memory();
        ChannelsLast out = x.convolved(layer, manager);
        BatchWeights w = new BatchWeights(weights.get(layer.name() + ".weight").memory());
        for (CacheBlock block : workspace.blocks(layer, x, number % 2 == 1)) {
            FloatMemory part = out.part(block);
            workspace.forward(layer, block, x).forward(w, x.part(block), part);
            var addedPart = added == null ? null : added.part(block.from() * out.numbersPerImage(), part.size()).values();
            workspace.kernels(layer.out()).forward(part.values(), addedPart, part.values(), part.size(), norms.get(number), unit.activation());
        }
        if (unit.before().isPresent()) {
            x.close();
        }
        return out;
    }
}
