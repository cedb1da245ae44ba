package org.espalier.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tensors by their PyTorch names ({@code layer1.0.conv1.weight}), in the order of PyTorch's {@code state_dict}. */
public record Weights(Map<String, Tensor> tensors) {

    public Weights {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /** @throws IllegalArgumentException when there is none of that name */
    public Tensor get(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no tensor '" + name + "' among " + tensors.keySet());
        }
        return tensor;
    }

    /** Those whose names begin with the prefix, without it. */
    public Weights under(String prefix) {
        Map<String, Tensor> under = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                under.put(name.substring(prefix.length()), tensor);
            }
        });
        return new Weights(under);
    }

    /** The same, with these tensors in the place of those of the same names. */
    public Weights with(Map<String, Tensor> replaced) {
        Map<String, Tensor> all = new LinkedHashMap<>(tensors);
        all.putAll(replaced);
        return new Weights(all);
    }

    @Override
    public String toString() {
        return "Weights[" + tensors.size() + " tensors]";
    }
}
