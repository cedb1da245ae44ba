package org.espalier.engine.cpu;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.espalier.model.Graph;
import org.espalier.model.GraphNode;
import org.espalier.model.Op;

/**
 * A network read as units that are computed in one go, in the order in which they end, and a head. Networks whose nodes can't be read so have no
 * such plan, and the plain engine computes them.
 */
record FusedPlan(List<Unit> units, Head head) {

    /** Empty where the nodes can't be read so. */
    static Optional<FusedPlan> of(Graph graph) {
        return new Reader(graph).plan();
    }

    /** The first unit that takes this one's output: the last to tell it a gradient. */
    int firstTaker(int unit) {
        return takers(unit).findFirst().orElse(units.size());
    }

    int lastTaker(int unit) {
        return takers(unit).max().orElse(units.size());
    }

    private IntStream takers(int unit) {
        return IntStream.range(unit + 1, units.size()).filter(i -> units.get(i).takes(unit));
    }

    /** Whether a unit's output is kept for the backward pass: it is computed again where one convolution takes it, which is faster than to read it. */
    boolean keeps(int unit) {
        return units.get(unit).residual() || takers(unit).count() != 1 || !units.get(firstTaker(unit)).takesDirectly(unit)
                || units.get(firstTaker(unit)).added() == unit;
    }

    /** Of a unit's output there is one gradient, or two of which a layer's comes last. */
    private boolean isSummable(int unit) {
        int first = firstTaker(unit);
        boolean added = first < units.size() && units.get(first).input() != unit;
        return takers(unit).count() + (unit == units.size() - 1 ? 1 : 0) <= (added ? 1 : 2) && !(added && units.get(unit).activation() != Activation.NONE);
    }

    private static final class Reader {
        private final Graph graph;
        private final Map<String, List<GraphNode>> takers = new HashMap<>();
        private final Map<String, Integer> places = new HashMap<>();
        private final Set<String> read = new HashSet<>();
        private final Map<String, Integer> ends = new HashMap<>(Map.of(GraphNode.INPUT, Unit.IMAGES));

        Reader(Graph graph) {
            this.graph = graph;
            graph.nodes().forEach(node -> {
                places.put(node.name(), places.size());
                node.inputs().forEach(input -> takers.computeIfAbsent(input, name -> new ArrayList<>()).add(node));
            });
        }

        /** A layer and what belongs to its unit. */
        private record Group(GraphNode layer, GraphNode norm, GraphNode add, Activation activation, GraphNode end) {
        }

        Optional<FusedPlan> plan() {
            List<Group> groups = new ArrayList<>();
            graph.nodes().stream().filter(node -> only(node) != null && only(node).op() instanceof Op.BatchNorm).map(this::group).forEach(groups::add);
            groups.sort(Comparator.comparing(group -> places.get(group.end.name())));
            List<Unit> units = new ArrayList<>();
            for (Group group : groups) {
                Unit unit = unit(group);
                if (unit == null) {
                    return Optional.empty();
                }
                ends.put(group.end.name(), units.size());
                units.add(unit);
            }
            Optional<Head> head = units.isEmpty() ? Optional.empty() : head(groups.get(groups.size() - 1));
            return head.map(last -> new FusedPlan(units, last)).filter(plan -> read.size() == graph.nodes().size()
                    && IntStream.range(0, units.size()).allMatch(plan::isSummable));
        }

        private GraphNode only(GraphNode node) {
            List<GraphNode> all = takers.getOrDefault(node.name(), List.of());
            return all.size() == 1 ? all.get(0) : null;
        }

        private Group group(GraphNode layer) {
            GraphNode norm = only(layer);
            GraphNode next = only(norm);
            GraphNode add = next != null && next.op() instanceof Op.Add && next.inputs().size() == 2 && next.inputs().get(0).equals(norm.name()) ? next : null;
            GraphNode last = add == null ? norm : add;
            GraphNode behind = only(last);
            Activation activation = behind == null ? Activation.NONE
                    : behind.op() instanceof Op.Relu ? Activation.RELU : behind.op() instanceof Op.Relu6 ? Activation.RELU6 : Activation.NONE;
            return new Group(layer, norm, add, activation, activation == Activation.NONE ? last : behind);
        }

        private Unit unit(Group group) {
            List<Op> before = new ArrayList<>();
            int input = source(group.layer.inputs().get(0), before);
            Layer.Conv layer = null;
            if (group.layer.op() instanceof Op.Conv2d conv && conv.padding() == conv.kernel() / 2) {
                boolean skips = conv.kernel() == 1 && conv.stride() > 1;
                layer = new Layer.Conv(group.layer.name(), conv.in(), conv.out(), conv.kernel(), skips ? 1 : conv.stride(), conv.groups());
                if (skips) {
                    // oneDNN 3.8.1 writes the gradients of a 1 x 1 kernel with strides outside of their memory.
                    before.add(new Op.AvgPool(1, conv.stride()));
                }
            } else if (group.layer.op() instanceof Op.Linear linear && before.equals(List.of(new Op.GlobalAvgPool()))) {
                layer = new Layer.Conv(group.layer.name(), linear.in(), linear.out(), 1, 1);
            }
            List<Op> shortcut = new ArrayList<>();
            int added = group.add == null ? Unit.NOTHING : source(group.add.inputs().get(1), shortcut);
            if (input == Unit.NOTHING || layer == null || group.add != null && added < 0) {
                return null;
            }
            List.of(group.layer, group.norm, group.end).forEach(node -> read.add(node.name()));
            if (group.add != null) {
                read.add(group.add.name());
            }
            return new Unit(input, downsampling(before), layer, new Layer.Norm(group.norm.name(), layer.out()), group.activation, added, downsampling(shortcut));
        }

        /** The unit that this node is the end of, or that all between comes from without weights; nothing if there is none. */
        private int source(String name, List<Op> between) {
            String at = name;
            while (!ends.containsKey(at)) {
                GraphNode node = graph.node(at);
                if (!(node.op() instanceof Op.MaxPool || node.op() instanceof Op.AvgPool || node.op() instanceof Op.GlobalAvgPool || node.op() instanceof Op.PadChannels)) {
                    return Unit.NOTHING;
                }
                between.add(0, node.op());
                read.add(at);
                at = node.inputs().get(0);
            }
            return ends.get(at);
        }

        private static Optional<Downsampling> downsampling(List<Op> operations) {
            return operations.isEmpty() ? Optional.empty() : Optional.of(new Downsampling(operations));
        }

        /** All nodes behind the last unit, where each takes what the one before puts out. */
        private Optional<Head> head(Group last) {
            List<GraphNode> nodes = new ArrayList<>();
            if (last.layer.op() instanceof Op.Linear) {
                nodes.add(GraphNode.of(last.end.name() + ".flat", new Op.Flatten(1), 0, last.end.name()));
            }
            for (GraphNode node = only(last.end); node != null; node = only(node)) {
                nodes.add(node);
                read.add(node.name());
            }
            return nodes.stream().allMatch(node -> node.inputs().size() == 1) ? Optional.of(new Head(nodes)) : Optional.empty();
        }
    }
}
