package org.espalier.model.channels;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.model.Architecture;
import org.espalier.model.GraphNode;
import org.espalier.model.families.Architectures;
import org.espalier.text.CanonicalText;

/**
 * An architecture with other widths of its channel groups: what any network becomes when it is pruned, unless its own record says it shorter.
 *
 * @param groupWidths of all {@link Architecture#groups()} of the base, in their order
 */
public record Resized(Architecture base, List<Integer> groupWidths) implements DerivedArchitecture {

    public Resized {
        groupWidths = List.copyOf(groupWidths);
        List<ChannelGroup> groups = base.groups();
        if (groups.size() != groupWidths.size() || groupWidths.stream().anyMatch(width -> width < 1)) {
            throw new IllegalArgumentException(base.text() + " has " + groups.size() + " groups of channels, of at least 1 each, unlike the "
                    + groupWidths.size() + " widths " + groupWidths);
        }
    }

    public static Architecture of(Architecture base, Map<String, Integer> widths) {
        List<ChannelGroup> groups = base.groups();
        Set<String> unknown = new LinkedHashSet<>(widths.keySet());
        groups.forEach(group -> unknown.remove(group.name()));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(base.text() + " has no channel group " + unknown + "; it has "
                    + groups.stream().map(ChannelGroup::name).toList());
        }
        List<Integer> before = groups.stream().map(ChannelGroup::width).toList();
        List<Integer> after = groups.stream().map(group -> widths.getOrDefault(group.name(), group.width())).toList();
        return before.equals(after) ? base : new Resized(base, after);
    }

    @Override
    public List<GraphNode> nodes() {
        return ChannelFlow.of(base.graph()).resized(ChannelGroup.named(base.groups(), groupWidths));
    }

    @Override
    public List<ChannelGroup> groups() {
        return ChannelFlow.of(graph(), base.graph()).groups();
    }

    @Override
    public Architecture resized(Map<String, Integer> other) {
        Map<String, Integer> all = new LinkedHashMap<>(ChannelGroup.named(base.groups(), groupWidths));
        all.putAll(other);
        return of(base, all);
    }

    /** Blocks are removed first, so that there is one way to write it. What was a group stays as wide, also by the name of another of its producers. */
    @Override
    public Architecture without(Set<String> blocks) {
        Architecture smaller = base.without(blocks);
        Map<String, Integer> left = new LinkedHashMap<>();
        Map<String, int[]> shapes = shapes();
        smaller.groups().forEach(group -> {
            ChannelGroup.Slice filters = group.filters().get(0);
            left.put(group.name(), shapes.get(filters.tensor())[0] / filters.repeats());
        });
        return of(smaller, left);
    }

    @Override
    public String text() {
        return new CanonicalText(base.text()).add(Architectures.GROUPS, groupWidths, List.of()).toString();
    }

    @Override
    public String toString() {
        return text();
    }
}
