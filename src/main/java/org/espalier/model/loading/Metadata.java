package org.espalier.model.loading;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.espalier.model.Architecture;
import org.espalier.model.Names;
import org.espalier.model.channels.Kept;

/** What a file says of a network beside its tensors, as JSON objects: their names in a PyTorch class, and the channels that pruning left. */
public final class Metadata {
    private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

    private Metadata() {
    }

    public static String text(Names names) {
        return JSON.toJson(names.foreign());
    }

    public static String text(Kept kept) {
        return JSON.toJson(kept.channels());
    }

    /** Empty where the text is no object of texts. */
    public static Optional<Names> names(String text) {
        return read(text, new TypeToken<Map<String, String>>() { }).map(Names::new);
    }

    /** {@link Kept#ALL} where the text doesn't say so many ascending indices for groups of this architecture as they have channels. */
    public static Kept kept(String text, Architecture architecture) {
        Map<String, Integer> widths = new TreeMap<>();
        architecture.groups().forEach(group -> widths.put(group.name(), group.width()));
        return read(text, new TypeToken<Map<String, List<Integer>>>() { }).filter(channels -> channels.entrySet().stream()
                .allMatch(group -> isSubset(group.getValue(), widths.get(group.getKey())))).map(Kept::new).orElse(Kept.ALL);
    }

    private static boolean isSubset(List<Integer> left, Integer width) {
        return width != null && left.size() == width && left.stream().allMatch(Objects::nonNull) && left.get(0) >= 0
                && left.equals(left.stream().distinct().sorted().toList());
    }

    private static <V> Optional<Map<String, V>> read(String text, TypeToken<Map<String, V>> type) {
        try {
            return Optional.ofNullable(JSON.fromJson(text, type)).filter(map -> !map.containsValue(null));
        } catch (JsonParseException e) {
            return Optional.empty();
        }
    }
}
