package org.espalier.model.channels;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.espalier.model.Graph;
import org.espalier.model.GraphNode;
import org.espalier.model.Op;
import org.espalier.model.channels.ChannelGroup.Slice;

/**
 * Follows channels through a network, from the layers that put them out to all that read them, and so finds the {@link ChannelGroup}s: what is
 * added up belongs together, norms, activations, pools and depthwise convolutions pass channels on, a concatenation lays them side by side.
 * Channels stay whole ("fixed") where removing one would change what the network is: the images', the logits', and those around a shortcut that
 * pads with zeros.
 *
 * <pre>
 * conv1 --a--> bn1 --a--> relu --a--> conv2 --b--> bn2 --b--> add --b--> relu --b--> ...
 *   \_______________________ a shortcut: b too _______________/
 * </pre>
 */
public final class ChannelFlow {
    private final Graph graph;
    /** The same nodes before anything was removed. */
    private final Graph dense;
    private final Map<String, GraphNode> nodes = new HashMap<>();
    /** What each node puts out: runs of channels, side by side. */
    private final Map<String, List<Run>> outputs = new HashMap<>();
    private final List<Run> runs = new ArrayList<>();

    /** Channels that were put out together. Two that are added up become one: {@link #same} leads from one to the other. */
    private static final class Run {
        final int width;
        Run same;
        boolean fixed;
        /** Into how many equal parts a grouped convolution divides them; each loses the same channels. */
        int parts = 1;
        /** By their order in the network. */
        final TreeMap<Integer, GraphNode> producers = new TreeMap<>();
        final List<Slice> slices = new ArrayList<>();

        Run(int width) {
            this.width = width;
        }

        Run root() {
            return same == null ? this : same.root();
        }

        GraphNode first() {
            return producers.firstEntry().getValue();
        }
    }

    private ChannelFlow(Graph graph, Graph dense) {
        this.graph = graph;
        this.dense = dense;
        graph.nodes().forEach(node -> nodes.put(node.name(), node));
        for (GraphNode node : graph.nodes()) {
            outputs.put(node.name(), flow(node));
        }
        outputs.get(graph.output().name()).forEach(run -> run.root().fixed = true);
    }

    public static ChannelFlow of(Graph graph) {
        return new ChannelFlow(graph, graph);
    }

    /** Of a graph that another one became by losing channels: a grouped convolution that was left one channel in each group is none by channel. */
    static ChannelFlow of(Graph graph, Graph dense) {
        return new ChannelFlow(graph, dense);
    }

    private List<Run> flow(GraphNode node) {
        if (node.op() instanceof Op.Conv2d conv) {
            return ((Op.Conv2d) dense.node(node.name()).op()).isDepthwise() ? passed(node, "weight", "bias") : convolved(node, conv);
        }
        if (node.op() instanceof Op.Linear linear) {
            read(node);
            return List.of(produced(node, linear.out()));
        }
        if (node.op() instanceof Op.BatchNorm) {
            return passed(node, "weight", "bias", "running_mean", "running_var");
        }
        if (node.op() instanceof Op.Add) {
            return added(node);
        }
        if (node.op() instanceof Op.Concat) {
            return node.inputs().stream().flatMap(input -> runs(input).stream()).toList();
        }
        if (node.op() instanceof Op.PadChannels pad) {
            runs(node.inputs().get(0)).forEach(run -> run.root().fixed = true);
            return Stream.of(List.of(fixed(pad.before())), runs(node.inputs().get(0)), List.of(fixed(pad.behind()))).flatMap(List::stream).toList();
        }
        return runs(node.inputs().get(0));
    }

    /** The images' channels stay. */
    private List<Run> runs(String name) {
        if (name.equals(GraphNode.INPUT)) {
            int width = graph.nodes().stream().filter(node -> node.inputs().contains(name)).findFirst()
                    .map(node -> node.op() instanceof Op.Conv2d conv ? conv.in() : node.op() instanceof Op.Linear linear ? linear.in() : 1).orElse(1);
            return outputs.computeIfAbsent(name, input -> List.of(fixed(width)));
        }
        return outputs.get(name);
    }

    private Run fixed(int width) {
        Run run = new Run(width);
        run.fixed = true;
        return run;
    }

    private Run produced(GraphNode node, int width) {
        Run run = new Run(width);
        run.producers.put(runs.size(), node);
        runs.add(run);
        node.op().tensors().keySet().forEach(part -> run.slices.add(slice(node, part, 0, 0, 1)));
        return run;
    }

    private List<Run> convolved(GraphNode node, Op.Conv2d conv) {
        Run out = produced(node, conv.out());
        if (conv.groups() == 1) {
            read(node);
            return List.of(out);
        }
        List<Run> in = runs(node.inputs().get(0));
        in.forEach(run -> run.root().fixed |= in.size() > 1 || run.root().parts > 1 && run.root().parts != conv.groups());
        in.forEach(run -> run.root().parts = conv.groups());
        out.parts = conv.groups();
        // [out, in / groups, ...]: one place for the same channel of all groups.
        in.forEach(run -> run.root().slices.add(new Slice(node.name() + ".weight", 1, 0, 1, 1, -1)));
        return List.of(out);
    }

    private void read(GraphNode node) {
        mark(node, 1, pixels(node.inputs().get(0)), "weight");
    }

    private List<Run> passed(GraphNode node, String... parts) {
        mark(node, 0, 1, parts);
        return runs(node.inputs().get(0));
    }

    /** Notes where the channels that come in are along this axis of the node's own tensors. */
    private void mark(GraphNode node, int axis, int block, String... parts) {
        int from = 0;
        for (Run run : runs(node.inputs().get(0))) {
            for (String part : parts) {
                if (node.op().tensors().containsKey(part)) {
                    run.root().slices.add(slice(node, part, axis, from, block));
                }
            }
            from += run.width * block;
        }
    }

    /** Places of a channel side by side in what this node puts out. */
    private int pixels(String name) {
        GraphNode node = nodes.get(name);
        return node != null && node.op() instanceof Op.Flatten flatten ? flatten.pixels() : 1;
    }

    private static Slice slice(GraphNode node, String part, int axis, int from, int block) {
        return new Slice(node.name() + "." + part, axis, from, block, 1, 0);
    }

    private List<Run> added(GraphNode node) {
        List<Run> first = runs(node.inputs().get(0));
        for (String input : node.inputs().subList(1, node.inputs().size())) {
            List<Run> other = runs(input);
            if (first.stream().map(run -> run.width).toList().equals(other.stream().map(run -> run.width).toList())) {
                for (int i = 0; i < first.size(); i++) {
                    unite(first.get(i).root(), other.get(i).root());
                }
            } else {
                first.forEach(run -> run.root().fixed = true);
                other.forEach(run -> run.root().fixed = true);
            }
        }
        return first;
    }

    private static void unite(Run one, Run other) {
        if (one != other) {
            other.same = one;
            one.fixed |= other.fixed || one.parts > 1 && other.parts > 1 && one.parts != other.parts;
            one.parts = Math.max(one.parts, other.parts);
            one.producers.putAll(other.producers);
            one.slices.addAll(other.slices);
        }
    }

    /** The groups that may lose channels, in the order of the nodes that put them out. */
    public List<ChannelGroup> groups() {
        Map<String, Integer> numbers = numbers();
        return roots().stream().map(run -> new ChannelGroup(run.first().name(), numbers.get(run.first().name()), run.first().stage(),
                run.width / run.parts, run.producers.values().stream().map(GraphNode::name).toList(),
                run.slices.stream().map(slice -> divided(slice, run)).toList())).toList();
    }

    private List<Run> roots() {
        return runs.stream().filter(run -> run.same == null && !run.fixed).sorted(Comparator.comparing(run -> run.producers.firstKey())).toList();
    }

    private static Slice divided(Slice slice, Run run) {
        return run.parts == 1 || slice.stride() < 0 ? new Slice(slice.tensor(), slice.axis(), slice.from(), slice.block(), 1, 0)
                : new Slice(slice.tensor(), slice.axis(), slice.from(), slice.block(), run.parts, run.width / run.parts * slice.block());
    }

    private Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        graph.nodes().stream().filter(node -> kind(node) < 3).sorted(Comparator.comparingInt(ChannelFlow::kind))
                .forEachOrdered(node -> numbers.put(node.name(), numbers.size() + 1));
        return numbers;
    }

    private static int kind(GraphNode node) {
        return node.op() instanceof Op.Conv2d conv ? conv.kernel() > 1 ? 0 : 1 : node.op() instanceof Op.Linear ? 2 : 3;
    }

    /** The nodes with other widths of {@link #groups}, by the groups' names; groups that aren't named keep theirs. */
    public List<GraphNode> resized(Map<String, Integer> widths) {
        Map<Run, Integer> wanted = new HashMap<>();
        roots().forEach(run -> wanted.put(run, run.parts * widths.getOrDefault(run.first().name(), run.width / run.parts)));
        return graph.nodes().stream().map(node -> node.with(resized(node, node.inputs().stream().mapToInt(input -> width(input, wanted)).sum(),
                width(node.name(), wanted)))).toList();
    }

    private static Op resized(GraphNode node, int in, int out) {
        if (node.op() instanceof Op.Conv2d conv) {
            return new Op.Conv2d(in, out, conv.kernel(), conv.stride(), conv.padding(), conv.isDepthwise() ? out : conv.groups(), conv.bias());
        }
        if (node.op() instanceof Op.Linear) {
            return new Op.Linear(in, out);
        }
        return node.op() instanceof Op.BatchNorm ? new Op.BatchNorm(out) : node.op();
    }

    private int width(String name, Map<Run, Integer> wanted) {
        return pixels(name) * runs(name).stream().mapToInt(run -> wanted.getOrDefault(run.root(), run.width)).sum();
    }
}
