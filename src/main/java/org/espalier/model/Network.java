package org.espalier.model;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.espalier.model.channels.Kept;
import org.espalier.text.Quoted;

/**
 * An architecture and its weights: a plain value in the host's memory. It holds no native resource and is never changed; verbs return new
 * networks. What computes with it, on a device, exists only as long as the computation.
 *
 * @param weights by the architecture's names
 * @param names   those of the file that it was loaded from, by which it is saved again
 * @param kept    what pruning left of the original channels
 */
public record Network(Architecture architecture, Weights weights, Names names, Kept kept) {

    /** By the architecture's own names. */
    public Network(Architecture architecture, Weights weights) {
        this(architecture, weights, Names.OWN);
    }

    /** Of which nobody knows that anything was removed. */
    public Network(Architecture architecture, Weights weights, Names names) {
        this(architecture, weights, names, Kept.ALL);
    }

    /** @throws IllegalArgumentException when the tensors' names or shapes aren't exactly the architecture's */
    public Network {
        var expected = architecture.shapes();
        Set<String> missing = new LinkedHashSet<>(expected.keySet());
        missing.removeAll(weights.tensors().keySet());
        Set<String> unknown = new LinkedHashSet<>(weights.tensors().keySet());
        unknown.removeAll(expected.keySet());
        if (!missing.isEmpty() || !unknown.isEmpty()) {
            throw new IllegalArgumentException("these weights don't fit " + architecture.text() + ": missing " + shown(missing)
                    + ", unknown " + shown(unknown));
        }
        expected.forEach((name, shape) -> {
            int[] found = weights.get(name).shape();
            if (!Arrays.equals(found, shape)) {
                throw new IllegalArgumentException(name + " has the shape " + Arrays.toString(found) + ", but " + architecture.text()
                        + " expects " + Arrays.toString(shape));
            }
        });
    }

    /** The same architecture with other weights, of which the same channels are left. */
    public Network with(Weights other) {
        return new Network(architecture, other, names, kept);
    }

    /** The same network, saved by other names. */
    public Network with(Names names) {
        return new Network(architecture, weights, names, kept);
    }

    /** The same network, of which this is known. */
    public Network with(Kept other) {
        return new Network(architecture, weights, names, other);
    }

    /** They may come out of any file. */
    private static String shown(Set<String> names) {
        return names.isEmpty() ? "none" : names.stream().limit(5).map(Quoted::name).collect(Collectors.joining(", "))
                + (names.size() > 5 ? " and " + (names.size() - 5) + " more" : "");
    }

    @Override
    public String toString() {
        return architecture.text() + ", " + architecture.parameters() + " parameters";
    }
}
