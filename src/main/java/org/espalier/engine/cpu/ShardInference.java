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
        ChannelsLast twoBefore = null;
        ChannelsLast before = ChannelsLast.of(images);
        for (int i = 0; i < norms.size(); i++) {
            ChannelsLast next = unit(i, before, twoBefore, manager);
            if (twoBefore != null) {
                twoBefore.close();
            }
            twoBefore = before;
            before = next;
        }
        return plan.head().logits(before.array(), parameters);
    }

    private ChannelsLast unit(int number, ChannelsLast x, ChannelsLast twoBefore, NDManager manager) {
        Unit unit = plan.units().get(number);
        Layer.Conv layer = (Layer.Conv) unit.layer();
        FloatMemory added = unit.residual() ? added(unit, twoBefore) : null;
        ChannelsLast out = x.convolved(layer, manager);
        BatchWeights w = new BatchWeights(weights.get(layer.name() + ".weight").memory());
        for (CacheBlock block : workspace.blocks(x, number % 2 == 1)) {
            FloatMemory part = out.part(block);
            workspace.forward(layer, block, x).forward(w, x.part(block), part);
            var addedPart = added == null ? null : added.part(block.from() * out.numbersPerImage(), part.size()).values();
            workspace.kernels(layer.out()).normRelu(part.values(), addedPart, part.values(), part.size(), norms.get(number));
        }
        return out;
    }

    private static FloatMemory added(Unit unit, ChannelsLast from) {
        return unit.shortcut().isEmpty() ? from.memory()
                : ChannelsLast.of(unit.shortcut().get().of(from.array())).memory();
    }
}
