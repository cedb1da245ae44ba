package org.espalier.engine.cpu;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import org.espalier.engine.Operations;
import org.espalier.model.GraphNode;

/** The end of a network, one node after the other: a pool, and the linear layers up to the logits; computed by libtorch. */
record Head(List<GraphNode> nodes) {

    /** Logits [N, classes] of features [N, C, H, W]. */
    NDArray logits(NDArray features, Map<String, ? extends NDArray> parameters) {
        NDArray x = features;
        for (GraphNode node : nodes) {
            NDArray before = x;
            x = Operations.compute(node.op(), node.name(), List.of(before), parameters, false);
            if (before != features) {
                before.close();
            }
        }
        return x;
    }

    List<String> tensors() {
        return nodes.stream().flatMap(node -> node.op().tensors().keySet().stream().map(part -> node.name() + "." + part)).toList();
    }
}
