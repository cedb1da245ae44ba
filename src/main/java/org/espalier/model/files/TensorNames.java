package org.espalier.model.files;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.text.Quoted;

/** What wrappers and tools add to the names in a state dict, and how it is taken away. */
final class TensorNames {
    /** Added by {@code DataParallel} and {@code torch.compile}, in front or around any part. */
    private static final Set<String> TRANSPARENT = Set.of("module", "_orig_mod");
    /** What trainers call the network that they hold. */
    private static final Set<String> WRAPPERS = Set.of("model", "net", "network", "backbone");
    /** Batch norm's steps, those of averaged models, and what thop counts. */
    private static final Set<String> COUNTERS = Set.of("num_batches_tracked", "n_averaged", "total_ops", "total_params");

    private static final int LONGEST = 1000;

    private TensorNames() {
    }

    /**
     * Without counters, and by names without {@code module} and {@code _orig_mod}, and without a trainer's {@code model}, {@code net}, {@code
     * network} or {@code backbone} where every name begins with it.
     *
     * @throws IllegalArgumentException when two names become one
     */
    static <T> Map<String, T> wanted(Map<String, T> tensors) {
        Map<String, List<String>> parts = new LinkedHashMap<>();
        tensors.keySet().forEach(name -> {
            if (name.length() > LONGEST) {
                throw new IllegalArgumentException("one of its tensors has a name of " + name.length() + " characters, " + Quoted.name(name) + "; "
                        + LONGEST + " are the most");
            }
            List<String> components = new ArrayList<>(Arrays.asList(name.split("\\.", -1)));
            if (!COUNTERS.contains(components.get(components.size() - 1))) {
                if (!TRANSPARENT.containsAll(components)) {
                    components.removeIf(TRANSPARENT::contains);
                }
                parts.put(name, components);
            }
        });
        while (!parts.isEmpty() && parts.values().stream().allMatch(TensorNames::wrapped)
                && parts.values().stream().map(components -> components.get(0)).distinct().count() == 1) {
            parts.values().forEach(components -> components.remove(0));
        }
        Map<String, T> wanted = new LinkedHashMap<>();
        parts.forEach((name, components) -> {
            if (wanted.put(String.join(".", components), tensors.get(name)) != null) {
                throw new IllegalArgumentException("two of its tensors are called " + Quoted.name(String.join(".", components))
                        + " once the prefixes of wrappers are taken away, one of them " + Quoted.name(name) + "; " + Checkpoint.SAVE_AGAIN);
            }
        });
        return wanted;
    }

    /** Those whose names begin with the prefix, without it. */
    static <T> Map<String, T> under(String prefix, Map<?, T> tensors) {
        Map<String, T> under = new LinkedHashMap<>();
        tensors.forEach((key, tensor) -> {
            if (key instanceof String name && name.startsWith(prefix)) {
                under.put(name.substring(prefix.length()), tensor);
            }
        });
        return under;
    }

    private static boolean wrapped(List<String> components) {
        return components.size() > 1 && WRAPPERS.contains(components.get(0));
    }
}
