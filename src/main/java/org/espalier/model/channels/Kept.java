package org.espalier.model.channels;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
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

    /** A JSON object, which {@link #parse} reads back. */
    public String text() {
        JsonObject json = new JsonObject();
        channels.forEach((group, left) -> {
            JsonArray indices = new JsonArray();
            left.forEach(indices::add);
            json.add(group, indices);
        });
        return json.toString();
    }

    /** {@link #ALL} where the text doesn't say so many ascending indices for groups of this architecture as they have channels. */
    public static Kept parse(String text, Architecture architecture) {
        Map<String, List<Integer>> channels = new TreeMap<>();
        try {
            for (var entry : JsonParser.parseString(text).getAsJsonObject().entrySet()) {
                List<Integer> left = new ArrayList<>();
                entry.getValue().getAsJsonArray().forEach(index -> left.add(index.getAsInt()));
                channels.put(entry.getKey(), left);
            }
        } catch (JsonParseException | IllegalStateException | ClassCastException | NumberFormatException e) {
            return ALL;
        }
        Map<String, Integer> widths = new TreeMap<>();
        architecture.groups().forEach(group -> widths.put(group.name(), group.width()));
        boolean fits = channels.entrySet().stream().allMatch(group -> Integer.valueOf(group.getValue().size()).equals(widths.get(group.getKey()))
                && group.getValue().get(0) >= 0 && group.getValue().equals(group.getValue().stream().distinct().sorted().toList()));
        return fits ? new Kept(channels) : ALL;
    }
}
