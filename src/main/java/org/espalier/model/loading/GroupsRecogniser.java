package org.espalier.model.loading;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.espalier.model.Architecture;
import org.espalier.model.Names;
import org.espalier.model.channels.ChannelGroup;

/**
 * Recognises networks whose tensors go by the architecture's own names, but for the last layer and for {@code shortcut} in the place of {@code
 * downsample}: the family says which network the names are, and the width of each channel group is read off the filters that put it out.
 *
 * @param family the network in its usual widths, or nothing where the names are another family's
 */
record GroupsRecogniser(Function<Clues, Optional<Architecture>> family) implements Function<Clues, Optional<Recognised>> {

    @Override
    public Optional<Recognised> apply(Clues clues) {
        return family.apply(clues).map(base -> recognised(base, clues));
    }

    private static Recognised recognised(Architecture base, Clues clues) {
        Names names = names(base, clues);
        Map<String, Integer> widths = new LinkedHashMap<>();
        for (ChannelGroup group : base.groups()) {
            ChannelGroup.Slice filters = group.filters().get(0);
            int[] shape = clues.shapes().get(names.of(filters.tensor()));
            if (shape != null && shape.length > 0) {
                widths.put(group.name(), shape[0] / filters.repeats());
            }
        }
        return new Recognised(base.resized(widths), names, Optional.empty());
    }

    private static Names names(Architecture base, Clues clues) {
        Map<String, String> names = new HashMap<>();
        String head = base.graph().output().name();
        String theirs = clues.head(usual(head));
        for (String part : List.of(".weight", ".bias")) {
            names.put(head + part, theirs + part);
        }
        base.shapes().keySet().stream().filter(name -> name.contains(".downsample.") && !clues.has(name)).forEach(name -> {
            String other = name.replace(".downsample.", ".shortcut.");
            names.put(name, clues.has(other) ? other : name);
        });
        return new Names(names);
    }

    /** The names of last layers, beginning with this. */
    static String[] usual(String first) {
        List<String> usual = new ArrayList<>(List.of("fc", "linear", "classifier"));
        usual.remove(first);
        usual.add(0, first);
        return usual.toArray(String[]::new);
    }
}
