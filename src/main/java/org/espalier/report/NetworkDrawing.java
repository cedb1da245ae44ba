package org.espalier.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.display.Renderable;
import org.espalier.model.Architecture;
import org.espalier.model.FeatureMap;
import org.espalier.model.GraphNode;
import org.espalier.model.Op;
import org.espalier.model.channels.ChannelGroup;

/**
 * A network as its list of nodes: a line each, from the images down, with the shape that it puts out; norms and activations stand in the line of what
 * they follow. Lines of one colour, or of one number, lose channels together; arcs lead from a line to those further down that take it.
 */
public final class NetworkDrawing implements Renderable {
    private static final int LINE = 20;
    private static final int TOP = 54;
    private static final int LEFT = 120;
    private static final int WIDTH = 860;
    private static final String FIXED = "#b0b0b0";

    private record Line(String name, String operation, Set<String> inputs, FeatureMap shape, List<ChannelGroup> groups, int stage) {
        Line with(Op more) {
            return new Line(name, operation + " + " + words(more), inputs, shape, groups, stage);
        }
    }

    private final Architecture architecture;
    private final List<ChannelGroup> groups;
    private final Set<String> prunable;
    private final List<Line> lines = new ArrayList<>();
    /** The place in {@link #lines} of each node. */
    private final Map<String, Integer> places = new LinkedHashMap<>();

    public NetworkDrawing(Architecture architecture) {
        this.architecture = architecture;
        groups = architecture.groups();
        prunable = architecture.prunable().stream().map(ChannelGroup::name).collect(Collectors.toSet());
        Map<String, FeatureMap> shapes = architecture.graph().shapes(architecture.image());
        List<GraphNode> nodes = architecture.nodes();
        for (GraphNode node : nodes) {
            boolean alone = nodes.stream().filter(other -> other.inputs().contains(node.inputs().get(0))).count() == 1;
            if (alone && isPointwise(node.op()) && Integer.valueOf(lines.size() - 1).equals(places.get(node.inputs().get(0)))) {
                lines.set(lines.size() - 1, lines.get(lines.size() - 1).with(node.op()));
            } else {
                lines.add(new Line(node.name(), words(node.op()), new LinkedHashSet<>(node.inputs()), shapes.get(node.name()), groups(node), node.stage()));
            }
            places.put(node.name(), lines.size() - 1);
        }
    }

    private static boolean isPointwise(Op op) {
        return op instanceof Op.BatchNorm || op instanceof Op.Relu || op instanceof Op.Relu6;
    }

    /** Those that a node puts out, or passes on; none of channels that can't be removed. */
    private List<ChannelGroup> groups(GraphNode node) {
        List<ChannelGroup> own = groups.stream().filter(group -> group.producers().contains(node.name())).toList();
        boolean passes = !(node.op() instanceof Op.Linear || node.op() instanceof Op.Conv2d conv && !conv.isDepthwise());
        return !own.isEmpty() || !passes ? own : node.inputs().stream().filter(places::containsKey)
                .flatMap(input -> lines.get(places.get(input)).groups.stream()).distinct().toList();
    }

    private static String words(Op op) {
        if (op instanceof Op.Conv2d conv) {
            return (conv.isDepthwise() ? "depthwise " : "conv ") + conv.kernel() + "x" + conv.kernel() + stride(conv.stride())
                    + (conv.groups() > 1 && !conv.isDepthwise() ? " in " + conv.groups() + " groups" : "");
        }
        if (op instanceof Op.MaxPool pool) {
            return "max pool " + pool.kernel() + "x" + pool.kernel() + stride(pool.stride());
        }
        if (op instanceof Op.AvgPool pool) {
            return pool.kernel() == 1 ? "every " + pool.stride() + ". pixel" : "mean pool " + pool.kernel() + "x" + pool.kernel() + stride(pool.stride());
        }
        return op instanceof Op.BatchNorm ? "norm" : op instanceof Op.GlobalAvgPool ? "mean of all pixels" : op instanceof Op.PadChannels ? "zero channels"
                : op.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String stride(int stride) {
        return stride == 1 ? "" : " /" + stride;
    }

    private String title() {
        int side = architecture.imageSize();
        return String.format(Locale.ROOT, "%s: %,d parameters, %.2f million multiply-adds at %d x %d", architecture.text(), architecture.parameters(),
                architecture.macs() / 1e6, side, side);
    }

    private static String shape(FeatureMap map) {
        return map.pixels() == 1 ? "" + map.channels() : map.channels() + " x " + map.height() + " x " + map.width();
    }

    private String number(ChannelGroup group) {
        String number = String.valueOf(groups.indexOf(group) + 1);
        return prunable.contains(group.name()) ? number : "(" + number + ")";
    }

    /** Names of the lines that a line takes, but for the one above it. */
    private Stream<Integer> fromFurtherUp(int place) {
        return lines.get(place).inputs.stream().filter(places::containsKey).map(places::get).distinct().filter(from -> from != place - 1);
    }

    @Override
    public String toString() {
        int names = lines.stream().mapToInt(line -> line.name.length()).max().orElse(0);
        int operations = lines.stream().mapToInt(line -> line.operation.length()).max().orElse(0);
        StringBuilder text = new StringBuilder(title()).append("\nBehind #: which channels go together; in brackets those that plans leave alone.\n");
        for (int place = 0; place < lines.size(); place++) {
            Line line = lines.get(place);
            String from = fromFurtherUp(place).map(other -> lines.get(other).name).collect(Collectors.joining(", "));
            text.append(String.format(Locale.ROOT, "%-" + names + "s  %-" + operations + "s  %-15s  %s%s", line.name, line.operation, shape(line.shape),
                    line.groups.isEmpty() ? "" : line.groups.stream().map(this::number).collect(Collectors.joining(" ", "#", "")),
                    from.isEmpty() ? "" : "  from " + from).stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** As SVG. */
    public String svg() {
        int height = TOP + LINE * lines.size() + 10;
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
                + "height=\"%d\" font-family=\"sans-serif\" font-size=\"12\"><rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n", WIDTH, height, WIDTH, height, WIDTH, height));
        text(svg, 10, 20, "font-weight=\"bold\"", title());
        text(svg, 10, 38, "fill=\"#666\"", "One colour: channels that go together; filled: plans prune them; grey: they stay. Arcs: what is taken from further up.");
        for (int place = 0; place < lines.size(); place++) {
            line(svg, place);
        }
        return svg.append("</svg>").toString();
    }

    private void line(StringBuilder svg, int place) {
        Line line = lines.get(place);
        int y = y(place);
        if (place > 0 && line.stage != lines.get(place - 1).stage) {
            svg.append(String.format(Locale.ROOT, "<path d=\"M%d %dH%d\" stroke=\"#ddd\"/>\n", LEFT, y - LINE / 2, WIDTH - 10));
        }
        line.inputs.stream().filter(places::containsKey).map(places::get).distinct().forEach(from -> connection(svg, from, place));
        int boxes = Math.max(1, line.groups.size());
        for (int i = 0; i < boxes; i++) {
            boolean filled = !line.groups.isEmpty() && prunable.contains(line.groups.get(i).name());
            String colour = line.groups.isEmpty() ? FIXED : colour(groups.indexOf(line.groups.get(i)));
            svg.append(String.format(Locale.ROOT, "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"12\" fill=\"%s\" stroke=\"%s\"><title>%s</title></rect>\n",
                    LEFT + 24. * i / boxes, y - 6, 24. / boxes, filled ? colour : line.groups.isEmpty() ? FIXED : "white", colour,
                    line.groups.isEmpty() ? "these channels stay" : line.groups.get(i)));
        }
        text(svg, LEFT + 34, y + 4, "font-family=\"monospace\"", line.name);
        text(svg, LEFT + 300, y + 4, "", line.operation);
        text(svg, LEFT + 540, y + 4, "fill=\"#444\"", shape(line.shape));
        if (!line.groups.isEmpty()) {
            text(svg, LEFT + 650, y + 4, "fill=\"#999\"", line.groups.size() > 1 ? line.groups.size() + " groups" : "group " + number(line.groups.get(0)));
        }
    }

    private void connection(StringBuilder svg, int from, int to) {
        String path;
        if (from == to - 1) {
            path = String.format(Locale.ROOT, "M%d %dV%d", LEFT + 12, y(from) + 6, y(to) - 6);
        } else {
            int bulge = Math.min(LEFT - 15, 14 + 5 * (to - from));
            path = String.format(Locale.ROOT, "M%1$d %2$dC%3$d %2$d %3$d %4$d %1$d %4$d", LEFT, y(from) + 2, LEFT - bulge, y(to) - 2);
        }
        svg.append("<path d=\"").append(path).append("\" stroke=\"#666\" fill=\"none\"/>\n");
    }

    private static int y(int place) {
        return TOP + LINE * place + LINE / 2;
    }

    /** Neighbours differ most: hues a golden angle apart. */
    private static String colour(int group) {
        return String.format(Locale.ROOT, "#%06x", Color.HSBtoRGB(group * .618034f % 1, .65f, .8f) & 0xffffff);
    }

    private static void text(StringBuilder svg, int x, int y, String style, String text) {
        String safe = text.replace("&", "&amp;").replace("<", "&lt;");
        svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" %s>%s</text>\n", x, y, style, safe));
    }

    @Override
    public Map<String, Object> render() {
        return Map.of("image/svg+xml", svg(), "text/plain", toString());
    }
}
