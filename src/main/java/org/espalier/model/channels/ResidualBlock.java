package org.espalier.model.channels;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        Map<String, Set<String>> ancestors = new LinkedHashMap<>();
        ancestors.put(GraphNode.INPUT, Set.of());
        List<ResidualBlock> blocks = new ArrayList<>();
        for (GraphNode node : graph.nodes()) {
            Set<String> all = new HashSet<>(node.inputs());
            node.inputs().forEach(input -> all.addAll(ancestors.get(input)));
            ancestors.put(node.name(), all);
            if (node.op() instanceof Op.Add && node.inputs().size() == 2) {
                blocks.add(block(graph, node, ancestors));
            }
        }
        return blocks;
    }

    private static ResidualBlock block(Graph graph, GraphNode add, Map<String, Set<String>> ancestors) {
        String first = add.inputs().get(0);
        String second = add.inputs().get(1);
        Set<String> ofFirst = only(first, second, ancestors);
        Set<String> ofSecond = only(second, first, ancestors);
        boolean firstIsBranch = convolutions(graph, ofFirst) >= convolutions(graph, ofSecond);
        int dot = add.name().lastIndexOf('.');
        return new ResidualBlock(dot < 0 ? add.name() : add.name().substring(0, dot), add.name(), firstIsBranch ? ofFirst : ofSecond,
                firstIsBranch ? second : first);
    }

    /** What one input needs and the other doesn't. */
    private static Set<String> only(String input, String other, Map<String, Set<String>> ancestors) {
        Set<String> only = new HashSet<>(ancestors.get(input));
        only.add(input);
        only.removeAll(ancestors.get(other));
        only.remove(other);
        return only;
    }

    private static long convolutions(Graph graph, Set<String> names) {
        return graph.nodes().stream().filter(node -> names.contains(node.name()) && node.op() instanceof Op.Conv2d).count();
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
