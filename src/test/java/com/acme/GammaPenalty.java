package com.acme;

import java.util.HashMap;
import java.util.Map;
import org.espalier.model.Tensor;
import org.espalier.train.hooks.TrainingContext;
import org.espalier.train.hooks.TrainingHook;

/** Network slimming's penalty: adds s sign(gamma) to the gradient of each batch norm's scale. */
public record GammaPenalty(double s) implements TrainingHook {

    @Override
    public void beforeUpdate(TrainingContext context) {
        Map<String, Tensor> penalty = new HashMap<>();
        context.architecture().shapes().forEach((name, shape) -> {
            if (shape.length == 1 && name.endsWith(".weight")) {
                float[] gamma = context.weight(name).values();
                for (int i = 0; i < gamma.length; i++) {
                    gamma[i] = (float) s * Math.signum(gamma[i]);
                }
                penalty.put(name, Tensor.of(gamma, shape));
            }
        });
        context.addToGradients(penalty);
    }
}
