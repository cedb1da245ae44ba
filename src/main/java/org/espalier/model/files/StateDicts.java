package org.espalier.model.files;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.espalier.text.Quoted;

/**
 * Finds the state dict in what a PyTorch file holds: the thing itself, or an entry of it at any depth. Optimizers' states have tensors too, but
 * no weights by name; masks and gradients are named like weights, but only a whole network has running statistics.
 */
final class StateDicts {
    private final List<Place> candidates = new ArrayList<>();
    private Place module;

    /** A value and the way to it: the keys of the dicts (numbers in lists) from the root on. */
    record Place(Place parent, String key, Object value) {
        List<String> path() {
            List<String> path = new ArrayList<>();
            for (Place place = this; place.parent != null; place = place.parent) {
                path.add(0, place.key);
            }
            return path;
        }

        Map<?, ?> dict() {
            return (Map<?, ?>) value;
        }
    }

    private StateDicts(Place root) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Place> next = new ArrayDeque<>(List.of(root));
        while (!next.isEmpty()) {
            Place place = next.remove();
            if (!seen.add(place.value)) {
                continue;
            }
            if (place.value instanceof Inert inert && inert.isModule() && module == null) {
                module = place;
            }
            if (place.value instanceof Map<?, ?> dict && holds(dict, ".weight", ".weight_orig")) {
                candidates.add(place);
            } else {
                forEachEntry(place.value, (key, value) -> {
                    if (value != null) {
                        next.add(new Place(place, key, value));
                    }
                });
            }
        }
    }

    /**
     * Returns the place of the only state dict, or of the one that was asked for.
     *
     * @param entry the way to it, empty where it has to be the only one
     * @throws IllegalArgumentException when there is none, or when there are several; the message names them
     */
    static Place find(Object root, List<String> entry) {
        Place whole = new Place(null, "", root);
        StateDicts found = new StateDicts(whole);
        if (!entry.isEmpty()) {
            return found.at(whole, entry);
        }
        if (root instanceof Map<?, ?> dict && dict.values().stream().allMatch(StoredTensor.class::isInstance)) {
            return whole;
        }
        List<Place> complete = found.candidates.stream().filter(place -> holds(place.dict(), "running_mean", "running_var")).toList();
        List<Place> left = complete.isEmpty() ? found.candidates : complete;
        if (left.size() == 1) {
            return left.get(0);
        }
        if (left.size() > 1) {
            throw new IllegalArgumentException("it holds " + left.size() + " state dicts: " + shown(left) + "; say which, for instance with "
                    + call(left.get(0)));
        }
        return found.fallback(whole);
    }

    private Place at(Place whole, List<String> entry) {
        List<Place> starts = new ArrayList<>(List.of(whole));
        starts.addAll(candidates);
        for (Place start : starts) {
            Place place = start;
            for (int i = 0; i < entry.size() && place != null; i++) {
                place = inner(place, entry.get(i));
            }
            if (place != null) {
                requireDict(place);
                return place;
            }
        }
        throw new IllegalArgumentException("it has no entry " + entry.stream().map(Quoted::name).collect(Collectors.joining(" > ")) + "; "
                + (candidates.isEmpty() ? "it holds no state dict" : "its state dicts are " + shown(candidates)));
    }

    /** An entry, or the tensors whose names begin so. */
    private static Place inner(Place place, String key) {
        Place inner = child(place, key);
        if (inner == null && place.value instanceof Map<?, ?> dict) {
            Map<String, ?> under = TensorNames.under(key + ".", dict);
            inner = under.isEmpty() ? null : new Place(place, key, under);
        }
        return inner;
    }

    /** For files with little in them: what the usual entries hold, then whatever the file is. */
    private Place fallback(Place whole) {
        if (module != null) {
            throw new IllegalArgumentException(((Inert) module.value).refusalOfModule(module.path()));
        }
        requireDict(whole);
        if (whole.dict().containsKey("param_groups") && whole.dict().containsKey("state")) {
            throw new IllegalArgumentException("it holds an optimizer's state, not a network's weights; " + Checkpoint.SAVE_AGAIN);
        }
        for (String key : List.of("state_dict", "model_state_dict", "model", "net")) {
            Place inner = child(whole, key);
            if (inner != null && inner.value instanceof Map<?, ?>) {
                return inner;
            }
        }
        return whole;
    }

    private static void requireDict(Place place) {
        if (place.value instanceof Inert inert) {
            throw new IllegalArgumentException(inert.isModule() ? inert.refusalOfModule(place.path()) : inert.refusal());
        }
        if (place.value instanceof StoredTensor tensor) {
            throw new IllegalArgumentException("it holds a single tensor of shape " + Arrays.toString(tensor.shape())
                    + " where a network's weights by their names (a state dict) were expected; " + Checkpoint.SAVE_AGAIN);
        }
        if (!(place.value instanceof Map<?, ?>)) {
            throw new IllegalArgumentException("it holds something else where a state dict was expected; " + Checkpoint.SAVE_AGAIN);
        }
    }

    private static Place child(Place place, String key) {
        Place[] found = new Place[1];
        forEachEntry(place.value, (name, value) -> {
            if (name.equals(key)) {
                found[0] = new Place(place, name, value);
            }
        });
        return found[0];
    }

    private static void forEachEntry(Object value, BiConsumer<String, Object> action) {
        if (value instanceof Map<?, ?> dict) {
            dict.forEach((key, inner) -> action.accept(key instanceof Inert ? "?" : key.toString(), inner));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                action.accept("" + i, list.get(i));
            }
        } else if (value instanceof Object[] tuple) {
            for (int i = 0; i < tuple.length; i++) {
                action.accept("" + i, tuple[i]);
            }
        }
    }

    private static boolean holds(Map<?, ?> dict, String... endings) {
        return dict.entrySet().stream().anyMatch(entry -> entry.getValue() instanceof StoredTensor && entry.getKey() instanceof String name
                && List.of(endings).stream().anyMatch(name::endsWith));
    }

    private static String shown(List<Place> places) {
        return places.stream().limit(10).map(place -> place.parent == null ? "the whole" : place.path().stream().map(Quoted::name)
                .collect(Collectors.joining(" > ")))
                .collect(Collectors.joining(", ")) + (places.size() > 10 ? " and " + (places.size() - 10) + " more" : "");
    }

    private static String call(Place place) {
        return "loadResNet(file, entry(" + place.path().stream().map(key -> "\"" + key.replaceAll("\\p{C}", "?") + "\"")
                .collect(Collectors.joining(", ")) + "))";
    }
}
