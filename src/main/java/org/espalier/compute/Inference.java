package org.espalier.compute;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.List;
import java.util.Map;
import org.espalier.model.Architecture;
import org.espalier.model.Layer;
import org.espalier.model.Unit;

/** A thread's share of a batch on its way through the network in evaluation mode, by the norms' running statistics. */
record Inference(Architecture architecture, Map<String, PtNDArray> parameters, Map<String, ChannelsLast> weights, Workspace workspace,
                 List<SharedNorm.Affine> norms) {

    /** The logits belong to the manager; what no later unit needs is let go at once. */
    PtNDArray logits(PtNDArray images, PtNDManager manager) {
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
        var head = architecture.head();
        return Functions.layer(head.layer(), Functions.pooled(head.before(), before.array()), parameters);
    }

    private ChannelsLast unit(int number, ChannelsLast x, ChannelsLast twoBefore, PtNDManager manager) {
        Unit unit = architecture.units().get(number);
        Layer.Conv layer = (Layer.Conv) unit.layer();
        Memory added = unit.residual() ? added(unit, twoBefore) : null;
        ChannelsLast out = x.convolved(layer, manager);
        Memory weightsOfLayer = weights.get(layer.name() + ".weight").memory();
        boolean more = false;
        for (Piece piece : workspace.pieces(x, number % 2 == 1)) {
            Memory part = out.part(piece);
            workspace.forward(layer, piece, x).forward(weightsOfLayer, x.part(piece), part, more);
            more = true;
            var addedPart = added == null ? null : added.part(piece.from() * out.numbersPerImage(), part.size()).values();
            workspace.rows(layer.out()).rectify(part.values(), addedPart, part.values(), part.size(), norms.get(number));
        }
        return out;
    }

    private static Memory added(Unit unit, ChannelsLast from) {
        return unit.shortcut().isEmpty() ? from.memory()
                : ChannelsLast.of(Functions.shortened(unit.shortcut().get(), from.array(), unit.width())).memory();
    }
}
