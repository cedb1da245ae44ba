package org.espalier.model.files;

import java.util.List;
import java.util.stream.Collectors;
import org.espalier.text.Quoted;

/** Says of a file with a pickled {@code torch.nn.Module} how Python frees its weights, since nothing here constructs one. */
final class WholeModule {
    private WholeModule() {
    }

    /** @param path the keys that lead to it */
    static String message(Inert module, List<String> path) {
        String inside = path.stream().map(key -> "[" + (key.matches("\\d{1,9}") ? key : "\"" + key.replaceAll("[\\p{C}\"\\\\]", "?") + "\"") + "]")
                .collect(Collectors.joining());
        return "it holds a whole module of the class " + Quoted.name(module.name()) + ", not only its weights, and no class of a file is built "
                + "here; in Python, where that class can be imported:\n"
                + "    import torch\n"
                + "    module = torch.load(\"this file\", map_location=\"cpu\", weights_only=False)" + inside + "\n"
                + "    torch.save(module.state_dict(), \"weights.pth\")\n"
                + "then load weights.pth";
    }
}
