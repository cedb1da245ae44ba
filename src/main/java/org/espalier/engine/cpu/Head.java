package org.espalier.engine.cpu;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import org.espalier.engine.Operations;
import org.espalier.model.Op;

/** The end of a network: a pool, and the linear layer that puts out the logits; computed by libtorch. */
record Head(Pool before, Layer.Linear layer) {

    /** Logits [N, classes] of features [N, C, H, W]. */
    NDArray logits(NDArray features, Map<String, ? extends NDArray> parameters) {
        NDArray pooled = before == Pool.NONE ? features : Operations.compute(before.op(), "pool", List.of(features), parameters, false);
        try {
            return Operations.compute(new Op.Linear(layer.in(), layer.out()), layer.name(), List.of(pooled), parameters, false);
        } finally {
            if (pooled != features) {
                pooled.close();
            }
        }
    }
}
