package org.espalier.model.files;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.model.Tensor;
import org.espalier.text.Quoted;

/** Undoes what {@code torch.nn.utils.prune} does to names: {@code weight} is the product of {@code weight_orig} and {@code weight_mask}. */
final class PruneMasks {
    private static final String ORIGINAL = "_orig";
    private static final String MASK = "_mask";

    private PruneMasks() {
    }

    static Map<String, Tensor> applied(Map<String, Tensor> tensors) {
        Map<String, Tensor> applied = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            Tensor mask = name.endsWith(ORIGINAL) ? tensors.get(stem(name, ORIGINAL) + MASK) : null;
            boolean used = name.endsWith(MASK) && tensors.containsKey(stem(name, MASK) + ORIGINAL);
            if (mask != null && applied.put(stem(name, ORIGINAL), product(name, tensor, mask)) != null
                    || mask == null && !used && applied.put(name, tensor) != null) {
                throw new IllegalArgumentException("it has both " + Quoted.name(stem(name, ORIGINAL)) + " and what that is made of; "
                        + Checkpoint.SAVE_AGAIN);
            }
        });
        return applied;
    }

    private static String stem(String name, String ending) {
        return name.endsWith(ending) ? name.substring(0, name.length() - ending.length()) : name;
    }

    private static Tensor product(String name, Tensor tensor, Tensor mask) {
        if (!Arrays.equals(tensor.shape(), mask.shape())) {
            throw new IllegalArgumentException("its " + Quoted.name(name) + " has the shape " + Arrays.toString(tensor.shape())
                    + ", its mask " + Arrays.toString(mask.shape()) + "; " + Checkpoint.DAMAGED);
        }
        float[] values = tensor.values();
        for (int i = 0; i < values.length; i++) {
            values[i] *= mask.at(i);
        }
        return Tensor.of(values, tensor.shape());
    }
}
