package org.espalier.model.files;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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

    /**
     * Of a whole module, how Python frees its weights, since nothing here constructs one.
     *
     * @param path the keys that lead to it
     */
    String refusalOfModule(List<String> path) {
        String inside = path.stream().map(key -> "[" + (key.matches("\\d{1,9}") ? key : "\"" + key.replaceAll("[\\p{C}\"\\\\]", "?") + "\"") + "]")
                .collect(Collectors.joining());
        return "it holds a whole module of the class " + Quoted.name(name) + ", not only its weights, and no class of a file is built "
                + "here; in Python, where that class can be imported:\n"
                + "    import torch\n"
                + "    module = torch.load(\"this file\", map_location=\"cpu\", weights_only=False)" + inside + "\n"
                + "    torch.save(module.state_dict(), \"weights.pth\")\n"
                + "then load weights.pth";
    }
}
