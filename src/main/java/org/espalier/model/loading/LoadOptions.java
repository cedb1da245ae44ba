package org.espalier.model.loading;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.espalier.model.families.Shortcut;

/**
 * What the caller says where a file leaves it open.
 *
 * @param entry    the keys that lead to the state dict, or the prefix of its names; empty for the only one
 * @param shortcut of a ResNet whose shortcuts have no weights; empty where the file tells it or the usual one is to be assumed
 */
public record LoadOptions(List<String> entry, Optional<Shortcut> shortcut) {

    public LoadOptions {
        entry = List.copyOf(entry);
        Objects.requireNonNull(shortcut);
    }

    /** Nothing is said. */
    public static LoadOptions none() {
        return new LoadOptions(List.of(), Optional.empty());
    }

    /** The state dict under this entry; more keys lead further in. */
    public static LoadOptions entry(String... keys) {
        return new LoadOptions(List.of(keys), Optional.empty());
    }

    /** The same with this shortcut. */
    public LoadOptions with(Shortcut shortcut) {
        return new LoadOptions(entry, Optional.of(shortcut));
    }
}
