package org.espalier.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A network's nodes, checked: each takes what stands before it, names are unique, and there is one output, the last node. What doesn't depend
 * on the size of the images is derived here; {@link #shapes} derives the rest.
 */
public record Graph(List<GraphNode> nodes) {

    /** @throws IllegalArgumentException that names the node: an input that nobody puts out, a cycle, a name twice, an output that nobody takes */
    public Graph {
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("a network has at least one node");
        }
        Set<String> names = nodes.stream().map(GraphNode::name).collect(Collectors.toSet());
        Set<String> before = new HashSet<>(Set.of(GraphNode.INPUT));
        Set<String> taken = new HashSet<>();
        for (GraphNode node : nodes) {
            for (String input : node.inputs()) {
                if (!before.contains(input)) {
                    throw new IllegalArgumentException("node '" + node.name() + "' takes '" + input + "', which " + (!names.contains(input) ? "no node puts out"
                            : "stands " + (input.equals(node.name()) ? "there itself" : "behind it")
                                    + ": nodes are listed in the order in which they are computed, without cycles"));
                }
            }
            if (!before.add(node.name())) {
                throw new IllegalArgumentException("two nodes are called '" + node.name() + "'");
            }
            taken.addAll(node.inputs());
        }
        nodes.subList(0, nodes.size() - 1).stream().map(GraphNode::name).filter(name -> !taken.contains(name)).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("nobody takes what node '" + name + "' puts out; only the last node's output is the network's");
        });
    }

    public GraphNode output() {
        return nodes.get(nodes.size() - 1);
    }

    /** Of the node with this name. */
    public GraphNode node(String name) {
        return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow(() -> new IllegalArgumentException(
                "no node is called '" + name + "'; there are " + nodes.stream().map(GraphNode::name).limit(8).toList() + " ..."));
    }

    /** This node and all that it depends on. @throws IllegalArgumentException when there is none of this name */
    public Graph upTo(String name) {
        Set<String> needed = new HashSet<>(Set.of(node(name).name()));
        List<GraphNode> backward = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (needed.contains(nodes.get(i).name())) {
                backward.add(0, nodes.get(i));
                needed.addAll(nodes.get(i).inputs());
            }
        }
        return new Graph(backward);
    }

    /** Every tensor's name and shape, in the order of PyTorch's {@code state_dict}. */
    public Map<String, int[]> tensors() {
        Map<String, int[]> tensors = new LinkedHashMap<>();
        nodes.forEach(node -> node.op().tensors().forEach((part, shape) -> tensors.put(node.name() + "." + part, shape)));
        return Collections.unmodifiableMap(tensors);
    }

    public long parameters() {
        return nodes.stream().mapToLong(node -> node.op().parameters()).sum();
    }

    /**
     * What each node puts out for an image of this shape, by its name.
     *
     * @throws IllegalArgumentException that names the node whose inputs don't fit
     */
    public Map<String, FeatureMap> shapes(FeatureMap image) {
        Map<String, FeatureMap> shapes = new LinkedHashMap<>();
        shapes.put(GraphNode.INPUT, image);
        for (GraphNode node : nodes) {
            try {
                shapes.put(node.name(), node.op().output(node.inputs().stream().map(shapes::get).toList()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("node '" + node.name() + "' of the network, for images of " + image + ": " + e.getMessage(), e);
            }
        }
        return shapes;
    }

    /** Multiply-adds of convolutions and linear layers for an image of this shape: what the pruning literature calls FLOPs. */
    public long macs(FeatureMap image) {
        Map<String, FeatureMap> shapes = shapes(image);
        return nodes.stream().mapToLong(node -> node.op().macs(shapes.get(node.name()))).sum();
    }

    /** For each node that somebody takes, the place in {@link #nodes} of the last one that does; after that its output can be let go. */
    public Map<String, Integer> lastUses() {
        Map<String, Integer> last = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String input : nodes.get(i).inputs()) {
                last.put(input, i);
            }
        }
        return last;
    }
}
