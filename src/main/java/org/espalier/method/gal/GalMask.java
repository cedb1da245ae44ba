package org.espalier.method.gal;

import java.util.ArrayList;
import java.util.List;
import org.espalier.model.Architecture;
import org.espalier.model.Graph;
import org.espalier.model.GraphNode;
import org.espalier.model.Op;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.model.channels.ResidualBlock;

/**
 * Where {@link Gal} masks a network: a scalar for a whole residual block, or one for each channel of a layer.
 *
 * @param name of the block, or of the group of channels
 * @param norm the batch norm that can hold the mask afterwards
 * @param node whose output is masked: the norm of a block, the ReLU behind the norm of a layer
 * @param size 1, or the number of channels
 */
record GalMask(String name, String norm, String node, int size) {

    /** Of the residual blocks; of a network without any, of the layers with a batch norm and a ReLU of their own. */
    static List<GalMask> of(Architecture architecture) {
        List<GalMask> masks = architecture.blocks().isEmpty() ? ofLayers(architecture)
                : architecture.blocks().stream().map(block -> ofBlock(architecture, block)).toList();
        if (masks.isEmpty()) {
            throw new IllegalArgumentException("the method gal masks residual blocks, or layers with a batch norm and a ReLU behind them, and "
                    + architecture.text() + " has neither");
        }
        return masks;
    }

    private static GalMask ofBlock(Architecture architecture, ResidualBlock block) {
        Graph graph = architecture.graph();
        String norm = graph.node(block.addition()).inputs().stream()
                .filter(input -> block.branch().contains(input) && graph.node(input).op() instanceof Op.BatchNorm).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the method gal masks behind the batch norm that ends a block, but " + block + " of "
                        + architecture.text() + " doesn't end with one"));
        return new GalMask(block.name(), norm, norm, 1);
    }

    private static List<GalMask> ofLayers(Architecture architecture) {
        Graph graph = architecture.graph();
        List<GalMask> masks = new ArrayList<>();
        for (ChannelGroup group : architecture.groups()) {
            GraphNode norm = next(graph, group.producers().get(0));
            if (group.producers().size() == 1 && norm != null && norm.op() instanceof Op.BatchNorm) {
                GraphNode relu = next(graph, norm.name());
                if (relu != null && relu.op() instanceof Op.Relu) {
                    masks.add(new GalMask(group.name(), norm.name(), relu.name(), group.width()));
                }
            }
        }
        return masks;
    }

    /** The only node that takes what another puts out; null where there are several. */
    private static GraphNode next(Graph graph, String name) {
        List<GraphNode> takers = graph.nodes().stream().filter(node -> node.inputs().contains(name)).toList();
        return takers.size() == 1 ? takers.get(0) : null;
    }
}
