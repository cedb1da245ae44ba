package org.espalier.model.files;

import java.util.Map;
import org.espalier.text.Quoted;

/**
 * Stands for whatever a pickle holds that is neither a tensor nor a plain container: a class, an object of it, what a call would return. It
 * keeps a name and a reason for messages and nothing of the content; nothing is constructed or called. Beside the weights it does no harm, in
 * their place it is refused.
 */
final class Inert {
    private final String name;
    private final String refusal;
    private boolean module;

    private Inert(String name, String refusal) {
        this.name = name;
        this.refusal = refusal;
    }

    /** Something that goes by this Python name, or was made by what does. */
    static Inert named(String name) {
        return new Inert(name, null);
    }

    /** Something that could not be read, with the message for whoever needs it. */
    static Inert unreadable(String name, String refusal) {
        return new Inert(name, refusal);
    }

    /** An object of this class, or what this function returns. */
    Inert made() {
        return new Inert(name, refusal);
    }

    /** Looks only whether it is the state of a {@code torch.nn.Module}. */
    void setState(Object state) {
        module |= state instanceof Map<?, ?> fields && fields.containsKey("_parameters") && fields.containsKey("_modules");
    }

    /** Whether it is a whole pickled {@code torch.nn.Module}. */
    boolean isModule() {
        return module;
    }

    String name() {
        return name;
    }

    /** Why it can't be used as weights. */
    String refusal() {
        return refusal != null ? refusal : "its pickle asks for " + Quoted.name(name)
                + ", which is refused: tensors and plain containers are all that is read; " + Checkpoint.SAVE_AGAIN;
    }
}
