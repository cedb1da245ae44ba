package org.espalier.method;

import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.train.hooks.TrainingContext;
import org.espalier.train.hooks.TrainingHook;

/**
 * Keeps weights at zero through a training, exactly: after each step they are multiplied by their factor.
 *
 * @param factors 0 or 1 for each weight of the tensors that are masked
 */
public record SparsityHook(Weights factors) implements TrainingHook {

    /** @throws IllegalArgumentException for a factor other than 0 and 1 */
    public SparsityHook {
        factors.tensors().forEach((name, factor) -> {
            for (int i = 0; i < factor.size(); i++) {
                if (factor.at(i) != 0 && factor.at(i) != 1) {
                    throw new IllegalArgumentException("a mask has factors of 0 and 1, not " + factor.at(i) + " as in " + name);
                }
            }
        });
    }

    /** The network with these weights at zero. */
    public Network on(Network network) {
        Map<String, Tensor> masked = new LinkedHashMap<>();
        factors.tensors().forEach((name, factor) -> {
            float[] values = network.weights().get(name).values();
            for (int i = 0; i < values.length; i++) {
                values[i] = factor.at(i) == 0 ? 0 : values[i];
            }
            masked.put(name, Tensor.of(values, factor.shape()));
        });
        return network.with(network.weights().with(masked));
    }

    @Override
    public void afterStep(TrainingContext context) {
        context.multiply(factors);
    }
}
