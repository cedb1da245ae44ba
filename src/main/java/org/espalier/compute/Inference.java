package org.espalier.compute;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.espalier.model.Architecture;
import org.espalier.model.Unit;

/** A thread's share of a batch on its way through the network in evaluation mode, by the norms' running statistics. */
record Inference(Architecture architecture, Map<String, PtNDArray> parameters, Map<Integer, ChannelRows> rows, List<SharedNorm.Affine> norms) {

    /** The logits belong to the manager; what no later unit needs is let go at once. */
    PtNDArray logits(PtNDArray images, PtNDManager manager) {
        ChannelsLast twoBefore = null;
        ChannelsLast before = null;
        for (int i = 0; i < norms.size(); i++) {
            ChannelsLast next = unit(i, before == null ? images : before.view(), twoBefore, manager);
            if (twoBefore != null) {
                twoBefore.close();
            }
            twoBefore = before;
            before = next;
        }
        var head = architecture.head();
        return Functions.layer(head.layer(), Functions.pooled(head.before(), before.view()), parameters);
    }

    private ChannelsLast unit(int number, PtNDArray x, ChannelsLast twoBefore, PtNDManager manager) {
        Unit unit = architecture.units().get(number);
        SharedNorm.Affine norm = norms.get(number);
        PtNDArray pooled = Functions.pooled(unit.before(), x);
        try (PtNDArray layer = Functions.layer(unit.layer(), pooled, parameters)) {
            FloatBuffer values = ChannelsLast.values(layer);
            ChannelsLast out = ChannelsLast.like(layer, manager);
            FloatBuffer added = unit.residual() ? added(unit, twoBefore) : null;
            rows.computeIfAbsent(unit.width(), ChannelRows::new).rectify(values, added, out.values(), out.size(), norm);
            return out;
        } finally {
            if (pooled != x) {
                pooled.close();
            }
        }
    }

    private static FloatBuffer added(Unit unit, ChannelsLast twoBefore) {
        return unit.shortcut().isEmpty() ? twoBefore.values()
                : ChannelsLast.values(Functions.shortened(unit.shortcut().get(), twoBefore.view(), unit.width()));
    }
}
