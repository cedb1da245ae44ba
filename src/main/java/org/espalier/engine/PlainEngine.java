package org.espalier.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.model.Graph;
import org.espalier.model.GraphNode;

/** Computes a network node by node over the whole batch, on any device; libtorch records and computes the gradient. */
final class PlainEngine implements Computation {
    private static final String CUDNN_BENCHMARK = "ai.djl.pytorch.cudnn_benchmark";

    private final List<GraphNode> nodes;
    private final Map<String, Integer> lastUses;
    private final Parameters parameters;
    private NDArray gradients;

    PlainEngine(Graph graph, Parameters parameters) {
        nodes = graph.nodes();
        lastUses = graph.lastUses();
        this.parameters = parameters;
        // Batches have few shapes, so it pays to try all of cuDNN's algorithms once for each; the engine's own property says otherwise.
        if (parameters.trained().getDevice().isGpu() && System.getProperty(CUDNN_BENCHMARK) == null) {
            Libtorch.tryCudnnAlgorithms();
        }
    }

    @Override
    public NDArray logits(NDArray images) {
        return forward(images, parameters.views(), false, nodes.size() - 1);
    }

    @Override
    public NDArray activation(NDArray images, String node) {
        List<String> names = nodes.stream().map(GraphNode::name).toList();
        if (!names.contains(node)) {
            throw new IllegalArgumentException("no node is called '" + node + "'; there are " + names);
        }
        return forward(images, parameters.views(), false, names.indexOf(node));
    }

    /** All trained numbers are one leaf of the recorded graph, so their gradient is one array too. */
    @Override
    public BatchLoss learn(NDArray images, NDArray labels) {
        NDManager manager = images.getManager();
        NDArray leaf = Recording.leaf(parameters.trained());
        leaf.attach(manager);
        Map<String, NDArray> leaves = new HashMap<>(parameters.views());
        NDArray[] logitsAndLoss = Recording.of(() -> {
            leaves.putAll(parameters.views(leaf));
            NDArray logits = forward(images, leaves, true, nodes.size() - 1);
            return new NDArray[] {logits, CrossEntropy.sum(logits, labels)};
        });
        Libtorch.backward(logitsAndLoss[1], manager.full(new Shape(), 1f / labels.size()));
        gradients = leaf.getGradient();
        return new BatchLoss(logitsAndLoss[1].stopGradient(), CrossEntropy.correct(logitsAndLoss[0], labels));
    }

    /** Computes up to the node in this place, and frees what no later node takes at once; libtorch keeps what its backward pass needs. */
    private NDArray forward(NDArray images, Map<String, NDArray> tensors, boolean training, int end) {
        return forward(nodes, lastUses, images, tensors, training, end);
    }

    static NDArray forward(List<GraphNode> nodes, Map<String, Integer> lastUses, NDArray images, Map<String, NDArray> tensors, boolean training, int end) {
        Map<String, NDArray> outputs = new HashMap<>(Map.of(GraphNode.INPUT, images));
        for (int place = 0; place <= end; place++) {
            GraphNode node = nodes.get(place);
            List<NDArray> inputs = node.inputs().stream().map(outputs::get).toList();
            outputs.put(node.name(), Operations.compute(node.op(), node.name(), inputs, tensors, training));
            for (String input : Set.copyOf(node.inputs())) {
                if (lastUses.get(input) == place && outputs.get(input) != images) {
                    outputs.remove(input).close();
                }
            }
        }
        NDArray last = outputs.remove(nodes.get(end).name());
        outputs.values().stream().filter(array -> array != images).forEach(NDArray::close);
        return last;
    }

    @Override
    public NDArray gradients() {
        return gradients;
    }

    @Override
    public EngineMode mode() {
        return EngineMode.ofWholeBatches();
    }

    @Override
    public void close() {
        // The arrays belong to the network's manager.
    }
}
