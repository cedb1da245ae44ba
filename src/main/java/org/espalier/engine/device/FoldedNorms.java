package org.espalier.engine.device;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.model.Graph;
import org.espalier.model.GraphNode;
import org.espalier.model.Op;

/**
 * A network's nodes for evaluation, where a batch norm is a scale and a shift of each channel: that of a convolution whose output nobody else
 * takes is folded into its weights, W gamma / sigma, and its bias, beta - (mean - bias) gamma / sigma, which saves a pass over its output.
 */
public final class FoldedNorms {
    private final List<GraphNode> nodes = new ArrayList<>();
    /** Each folded norm's convolution, by the norm's name, which the node of both has. */
    private final Map<String, String> convolutions = new LinkedHashMap<>();

    public FoldedNorms(Graph graph) {
        Map<String, GraphNode> alone = new HashMap<>();
        List<String> taken = graph.nodes().stream().flatMap(node -> node.inputs().stream()).toList();
        graph.nodes().stream().filter(node -> node.op() instanceof Op.Conv2d && Collections.frequency(taken, node.name()) == 1)
                .forEach(node -> alone.put(node.name(), node));
        graph.nodes().stream().filter(node -> node.op() instanceof Op.BatchNorm && alone.containsKey(node.inputs().get(0)))
                .forEach(node -> convolutions.put(node.name(), node.inputs().get(0)));
        Set<String> gone = new HashSet<>(convolutions.values());
        for (GraphNode node : graph.nodes()) {
            if (convolutions.containsKey(node.name())) {
                GraphNode convolution = alone.get(node.inputs().get(0));
                nodes.add(new GraphNode(node.name(), convolution.op(), convolution.inputs(), node.stage()));
            } else if (!gone.contains(node.name())) {
                nodes.add(node);
            }
        }
    }

    public Graph graph() {
        return new Graph(nodes);
    }

    /** All tensors by their names, with those of folded nodes as they are now; new ones belong to the manager. */
    public Map<String, NDArray> tensors(Map<String, NDArray> parameters, NDManager manager) {
        Map<String, NDArray> folded = new HashMap<>(parameters);
        try (NDManager scratch = manager.newSubManager()) {
            convolutions.forEach((norm, convolution) -> {
                NDArray weight = parameters.get(convolution + ".weight");
                NDArray bias = parameters.get(convolution + ".bias");
                NDArray variance = in(scratch, parameters.get(norm + ".running_var").add((float) Op.BatchNorm.EPSILON));
                NDArray sigma = in(scratch, variance.sqrt());
                NDArray scale = in(scratch, parameters.get(norm + ".weight").div(sigma));
                NDArray mean = parameters.get(norm + ".running_mean");
                NDArray shift = in(scratch, (bias == null ? mean : in(scratch, mean.sub(bias))).mul(scale));
                folded.put(norm + ".weight", in(manager, weight.mul(in(scratch, scale.reshape(scale.size(), 1, 1, 1)))));
                folded.put(norm + ".bias", in(manager, parameters.get(norm + ".bias").sub(shift)));
            });
        }
        return folded;
    }

    private static NDArray in(NDManager manager, NDArray array) {
        array.attach(manager);
        return array;
    }
}
