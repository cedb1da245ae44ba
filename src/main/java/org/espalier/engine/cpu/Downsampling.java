package org.espalier.engine.cpu;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import org.espalier.engine.Operations;
import org.espalier.model.Op;

/** A parameter-free shortcut into another stage: half the resolution, and zero channels around those that are there; computed by libtorch. */
record Downsampling(Op.AvgPool pool, Op.PadChannels pad) {

    NDArray of(NDArray x) {
        try (NDArray halved = Operations.compute(pool, "pool", List.of(x), Map.of(), false)) {
            return Operations.compute(pad, "pad", List.of(halved), Map.of(), false);
        }
    }
}
