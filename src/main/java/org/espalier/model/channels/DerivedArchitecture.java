package org.espalier.model.channels;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.model.Architecture;
import org.espalier.model.Graph;
import org.espalier.model.GraphNode;
import org.espalier.model.Initialisation;
import org.espalier.model.families.Architectures;
import org.espalier.text.CanonicalText;

/**
 * An architecture that another one became by losing residual blocks, whose shortcuts stay, and then channels, unless its own record says it shorter.
 * What isn't said here is the base's.
 *
 * @param removed     the names of the blocks, in the network's order
 * @param groupWidths of all groups of channels without these blocks, in their order; empty where none has another width than the base's
 */
public record DerivedArchitecture(Architecture base, List<String> removed, List<Integer> groupWidths) implements Architecture {

    public DerivedArchitecture {
        removed = List.copyOf(removed);
        groupWidths = List.copyOf(groupWidths);
        int groups = groupWidths.isEmpty() ? 0 : ChannelFlow.of(left(base, removed)).groups().size();
        if (groups != groupWidths.size() || groupWidths.stream().anyMatch(width -> width < 1)) {
            throw new IllegalArgumentException(base.text() + " has " + groups + " groups of channels, of at least 1 each, unlike the "
                    + groupWidths.size() + " widths " + groupWidths);
        }
    }

    /** What has lost nothing yet. */
    public static DerivedArchitecture of(Architecture base) {
        return new DerivedArchitecture(base, List.of(), List.of());
    }

    /** With these widths of all {@link Architecture#groups()}, in their order. */
    public static DerivedArchitecture of(Architecture architecture, List<Integer> groupWidths) {
        DerivedArchitecture derived = architecture instanceof DerivedArchitecture already ? already : of(architecture);
        return new DerivedArchitecture(derived.base, derived.removed, groupWidths);
    }

    private static Graph left(Architecture base, List<String> removed) {
        return removed.isEmpty() ? base.graph() : new Graph(ResidualBlock.removed(base.nodes(),
                base.blocks().stream().filter(block -> removed.contains(block.name())).toList()));
    }

    @Override
    public List<GraphNode> nodes() {
        Graph left = left(base, removed);
        ChannelFlow flow = ChannelFlow.of(left);
        return groupWidths.isEmpty() ? left.nodes() : flow.resized(ChannelGroup.named(flow.groups(), groupWidths));
    }

    @Override
    public List<ChannelGroup> groups() {
        return ChannelFlow.of(graph(), left(base, removed)).groups();
    }

    /** Those of the base that are left. */
    @Override
    public List<ChannelGroup> prunable() {
        List<String> ofBase = base.prunable().stream().map(ChannelGroup::name).toList();
        return groups().stream().filter(group -> ofBase.contains(group.name())).toList();
    }

    @Override
    public Architecture resized(Map<String, Integer> other) {
        Map<String, Integer> all = new LinkedHashMap<>();
        groups().forEach(group -> all.put(group.name(), group.width()));
        all.putAll(other);
        return derived(removed, all);
    }

    /** What was a group stays as wide, also by the name of another of its producers. */
    @Override
    public Architecture without(Set<String> blocks) {
        Set<String> more = new LinkedHashSet<>(blocks);
        more.removeAll(removed);
        requireKnown("residual block", more, blocks().stream().map(ResidualBlock::name).toList());
        List<String> gone = base.blocks().stream().map(ResidualBlock::name).filter(name -> removed.contains(name) || more.contains(name)).toList();
        Map<String, int[]> shapes = shapes();
        Map<String, Integer> widths = new LinkedHashMap<>();
        ChannelFlow.of(left(base, gone)).groups().forEach(group -> {
            ChannelGroup.Slice filters = group.filters().get(0);
            widths.put(group.name(), shapes.get(filters.tensor())[0] / filters.repeats());
        });
        return derived(gone, widths);
    }

    /** The base without these blocks and with these widths; the base itself where nothing is other. */
    private Architecture derived(List<String> gone, Map<String, Integer> widths) {
        List<ChannelGroup> groups = ChannelFlow.of(left(base, gone)).groups();
        requireKnown("channel group", widths.keySet(), groups.stream().map(ChannelGroup::name).toList());
        List<Integer> after = groups.stream().map(group -> widths.getOrDefault(group.name(), group.width())).toList();
        boolean same = after.equals(groups.stream().map(ChannelGroup::width).toList());
        return same && gone.isEmpty() ? base : new DerivedArchitecture(base, gone, same ? List.of() : after);
    }

    private void requireKnown(String what, Set<String> names, List<String> there) {
        Set<String> unknown = new LinkedHashSet<>(names);
        there.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(base.text() + " has no " + what + " " + unknown + "; it has " + there);
        }
    }

    @Override
    public int channels() {
        return base.channels();
    }

    @Override
    public int imageSize() {
        return base.imageSize();
    }

    @Override
    public Initialisation initialisation() {
        return base.initialisation();
    }

    @Override
    public Architecture dense() {
        return base.dense();
    }

    @Override
    public String text() {
        return new CanonicalText(base.text()).add(Architectures.REMOVED, String.join("+", removed), "")
                .add(Architectures.GROUPS, groupWidths, List.of()).toString();
    }

    @Override
    public String toString() {
        return text();
    }
}
