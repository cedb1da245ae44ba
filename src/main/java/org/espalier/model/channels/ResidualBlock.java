package org.espalier.model.channels;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.espalier.model.Graph;
import org.espalier.model.GraphNode;
import org.espalier.model.Op;

/**
 * A part of a network that is added to a shortcut around it: {@code add(branch(x), shortcut(x))}. Without its branch the shortcut stays, as if
 * the branch put out zeros. Derived from the nodes.
 *
 * @param name     the addition's, without its last part: {@code layer1.0} of {@code layer1.0.add}
 * @param addition the node that adds
 * @param branch   the names of the nodes that go with the block
 * @param shortcut what takes the place of the addition
 */
public record ResidualBlock(String name, String addition, Set<String> branch, String shortcut) {

    public static List<ResidualBlock> of(Graph graph) {
        return graph.nodes().stream().filter(node -> node.op() instanceof Op.Add && node.inputs().size() == 2).map(add -> of(graph, add)).toList();
    }

    private static ResidualBlock of(Graph graph, GraphNode add) {
        List<GraphNode> first = only(graph, add.inputs().get(0), add.inputs().get(1));
        List<GraphNode> second = only(graph, add.inputs().get(1), add.inputs().get(0));
        boolean firstIsBranch = convolutions(first) >= convolutions(second);
        int dot = add.name().lastIndexOf('.');
        return new ResidualBlock(dot < 0 ? add.name() : add.name().substring(0, dot), add.name(),
                (firstIsBranch ? first : second).stream().map(GraphNode::name).collect(Collectors.toSet()), add.inputs().get(firstIsBranch ? 1 : 0));
    }

    /** What one input needs and the other doesn't. */
    private static List<GraphNode> only(Graph graph, String input, String other) {
        List<GraphNode> ofOther = needed(graph, other);
        return needed(graph, input).stream().filter(node -> !ofOther.contains(node)).toList();
    }

    private static List<GraphNode> needed(Graph graph, String input) {
        return input.equals(GraphNode.INPUT) ? List.of() : graph.upTo(input).nodes();
    }

    private static long convolutions(List<GraphNode> nodes) {
        return nodes.stream().filter(node -> node.op() instanceof Op.Conv2d).count();
    }

    /** The nodes that are left without these blocks. */
    public static List<GraphNode> removed(List<GraphNode> nodes, List<ResidualBlock> blocks) {
        Set<String> gone = new HashSet<>();
        Map<String, String> instead = new LinkedHashMap<>();
        blocks.forEach(block -> {
            gone.addAll(block.branch);
            gone.add(block.addition);
            instead.put(block.addition, block.shortcut);
        });
        return nodes.stream().filter(node -> !gone.contains(node.name())).map(node -> new GraphNode(node.name(), node.op(),
                node.inputs().stream().map(input -> resolved(input, instead)).toList(), node.stage())).toList();
    }

    private static String resolved(String input, Map<String, String> instead) {
        String there = instead.get(input);
        return there == null ? input : resolved(there, instead);
    }

    @Override
    public String toString() {
        return name;
    }
}
