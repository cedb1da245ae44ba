package org.espalier.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The names that a PyTorch class has for a network's tensors, where they differ from the architecture's ({@code fc.weight} for {@code
 * linear.weight}). Entries for tensors that a network hasn't do no harm.
 *
 * @param foreign the class's names by ours
 */
public record Names(Map<String, String> foreign) {
    /** Of networks that go by the architecture's own names. */
    public static final Names OWN = new Names(Map.of());

    public Names {
        Map<String, String> differing = new TreeMap<>(foreign);
        differing.entrySet().removeIf(name -> name.getKey().equals(name.getValue()));
        foreign = Collections.unmodifiableMap(differing);
    }

    /** The name that the class has for this tensor of ours. */
    public String of(String own) {
        return foreign.getOrDefault(own, own);
    }

    /** These names put into the words of {@code outer}, which renames what these name. */
    public Names then(Map<String, String> outer) {
        Map<String, String> all = new LinkedHashMap<>(outer);
        all.keySet().removeAll(foreign.values());
        foreign.forEach((own, name) -> all.put(own, outer.getOrDefault(name, name)));
        return new Names(all);
    }
}
