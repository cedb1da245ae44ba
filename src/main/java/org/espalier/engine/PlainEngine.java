package org.espalier.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.engine.device.EngineMode;
import org.espalier.engine.device.FoldedNorms;
import org.espalier.engine.device.Libtorch;
import org.espalier.engine.device.Parameters;
import org.espalier.engine.device.Recording;
import org.espalier.model.Graph;
import org.espalier.model.GraphNode;

/** Computes a network node by node over the whole batch, on any device; libtorch records and computes the gradient. */
final class PlainEngine implements Computation {
    private static final String CUDNN_BENCHMARK = "ai.djl.pytorch.cudnn_benchmark";

    private final Graph graph;
    private final Parameters parameters;
    private final FoldedNorms folded;
    private final Graph evaluated;
    private NDArray gradients;

    PlainEngine(Parameters parameters) {
        graph = parameters.architecture().graph();
        this.parameters = parameters;
        folded = new FoldedNorms(graph);
        evaluated = folded.graph();
        // Batches have few shapes, so it pays to try all of cuDNN's algorithms once for each; the engine's own property says otherwise.
        if (parameters.trained().getDevice().isGpu() && System.getProperty(CUDNN_BENCHMARK) == null) {
            Libtorch.tryCudnnAlgorithms();
        }
    }

    @Override
    public NDArray logits(NDArray images) {
        if (images.getDevice().isGpu()) {
            // Many small operations that a GPU would wait for.
            return forward(graph, images, parameters.views(), false);
        }
        try (NDManager tensors = images.getManager().newSubManager()) {
            return forward(evaluated, images, folded.tensors(parameters.views(), tensors), false);
        }
    }

    @Override
    public NDArray activation(NDArray images, String node) {
        return forward(graph.upTo(node), images, parameters.views(), false);
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
            NDArray logits = forward(graph, images, leaves, true);
            return new NDArray[] {logits, CrossEntropy.sum(logits, labels)};
        });
        Libtorch.backward(logitsAndLoss[1], manager.full(new Shape(), 1f / labels.size()));
        gradients = leaf.getGradient();
        return new BatchLoss(logitsAndLoss[1].stopGradient(), CrossEntropy.correct(logitsAndLoss[0], labels));
    }

    /** Frees what no later node takes at once; libtorch keeps what its backward pass needs. */
    static NDArray forward(Graph graph, NDArray images, Map<String, NDArray> tensors, boolean training) {
        Map<String, NDArray> outputs = new HashMap<>(Map.of(GraphNode.INPUT, images));
        Map<String, Integer> lastUses = graph.lastUses();
        int place = 0;
        for (GraphNode node : graph.nodes()) {
            List<NDArray> inputs = node.inputs().stream().map(outputs::get).toList();
            outputs.put(node.name(), Operations.compute(node.op(), node.name(), inputs, tensors, training));
            for (String input : Set.copyOf(node.inputs())) {
                if (lastUses.get(input) == place && outputs.get(input) != images) {
                    outputs.remove(input).close();
                }
            }
            place++;
        }
        return outputs.get(graph.output().name());
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
