package org.espalier.model.channels;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.espalier.model.Architecture;

/**
 * Which channels of the network before any pruning are left, through all rounds.
 *
 * @param channels by the group's name, the original indices, ascending; a group that isn't named has lost none
 */
public record Kept(Map<String, List<Integer>> channels) {
    /** Nothing was removed, or nobody knows what. */
    public static final Kept ALL = new Kept(Map.of());

    public Kept {
        Map<String, List<Integer>> copy = new TreeMap<>();
        channels.forEach((group, left) -> copy.put(group, List.copyOf(left)));
        channels = Collections.unmodifiableMap(copy);
    }

    /** The original indices of what is left of a group. */
    public List<Integer> of(ChannelGroup group) {
        return channels.getOrDefault(group.name(), IntStream.range(0, group.width()).boxed().toList());
    }

    /** After blocks were removed: what is left of a group may go by the name of another of its producers. */
    public Kept renamed(Architecture before, Architecture left) {
        Map<String, List<Integer>> after = new TreeMap<>();
        left.groups().forEach(group -> before.groups().stream().filter(old -> old.producers().contains(group.name()) && channels.containsKey(old.name()))
                .forEach(old -> after.put(group.name(), of(old))));
        return new Kept(after);
    }

    /**
     * After another removal.
     *
     * @param kept of groups of the architecture, the indices there that stay
     */
    Kept then(Architecture architecture, Map<String, int[]> kept) {
        Map<String, List<Integer>> after = new TreeMap<>(channels);
        architecture.groups().stream().filter(group -> kept.containsKey(group.name()) && kept.get(group.name()).length < group.width()).forEach(group -> {
            List<Integer> before = of(group);
            after.put(group.name(), Arrays.stream(kept.get(group.name())).sorted().mapToObj(before::get).toList());
        });
        return new Kept(after);
    }
}
