package org.espalier.model.loading;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Finds the network whose tensors a file holds: asks each recogniser of a family, with prefixes and without. */
final class Recognition {
    /**
     * In this order; a new family adds a line. Each gives the network, or nothing where the tensors are another family's, and throws where they are
     * this family's, but don't make one of its networks.
     */
    private static final List<Function<Clues, Optional<Recognised>>> ALL = List.of(
            new GroupsRecogniser(FamilyClues::resNet), new GroupsRecogniser(FamilyClues::cifarBottleneck),
            new GroupsRecogniser(FamilyClues::preResNet), new GroupsRecogniser(FamilyClues::denseNet), new GroupsRecogniser(FamilyClues::mobileNetV2),
            new GroupsRecogniser(FamilyClues::vgg), PaperVggRecogniser::recognise, CifarResNetRecogniser::recognise);
    private static final Set<String> WRAPPERS = Set.of("module", "model", "net", "network", "backbone");

    private Recognition() {
    }

    /** @throws IllegalArgumentException when it is no network that can be loaded; the message says what it is */
    static Recognised of(Clues clues) {
        IllegalArgumentException nearest = null;
        Recognised incomplete = null;
        for (boolean stripped : new boolean[] {false, true}) {
            Map<String, String> view = view(clues, stripped);
            IllegalArgumentException first = null;
            for (Function<Clues, Optional<Recognised>> recogniser : ALL) {
                try {
                    Optional<Recognised> found = recogniser.apply(seen(clues, view));
                    if (found.isPresent()) {
                        Recognised network = found.get();
                        Recognised named = new Recognised(network.architecture(), network.names().then(view), network.assumed());
                        if (named.architecture().shapes().keySet().stream().map(named.names()::of).allMatch(clues::has)) {
                            return named;
                        }
                        incomplete = incomplete == null ? named : incomplete;
                    }
                } catch (IllegalArgumentException e) {
                    first = first == null ? e : first;
                }
            }
            nearest = first == null ? nearest : first;
        }
        if (incomplete != null) {
            return incomplete;
        }
        throw nearest != null ? nearest : new IllegalArgumentException(OtherNetworks.described(clues));
    }

    private static Clues seen(Clues clues, Map<String, String> view) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        view.forEach((name, original) -> shapes.put(name, clues.shapes().get(original)));
        return new Clues(shapes, clues.beside(), clues.shortcut());
    }

    /** The tensors' names by other names: the same, or without wrappers' prefixes and without what all begin with. */
    private static Map<String, String> view(Clues clues, boolean stripped) {
        Map<String, List<String>> parts = new LinkedHashMap<>();
        for (String name : clues.shapes().keySet()) {
            List<String> components = new ArrayList<>(Arrays.asList(name.split("\\.", -1)));
            while (stripped && components.size() > 1 && WRAPPERS.contains(components.get(0))) {
                components.remove(0);
            }
            parts.put(name, components);
        }
        // No layer stands so far out that a network has nothing beside it.
        while (stripped && !parts.isEmpty() && parts.values().stream().allMatch(components -> components.size() > 2)
                && parts.values().stream().map(components -> components.get(0)).distinct().count() == 1) {
            parts.values().forEach(components -> components.remove(0));
        }
        Map<String, String> view = new LinkedHashMap<>();
        parts.forEach((name, components) -> {
            if (view.put(String.join(".", components), name) != null) {
                throw new IllegalArgumentException(OtherNetworks.described(clues));
            }
        });
        return view;
    }
}
