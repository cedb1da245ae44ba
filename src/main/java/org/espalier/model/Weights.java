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
