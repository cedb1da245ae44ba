package org.espalier.engine.cpu;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import org.espalier.engine.Operations;
import org.espalier.model.Op;

/**
 * Takes what a unit puts out to another shape without weights, by libtorch: a pool in front of a layer; or a shortcut of half the resolution, with
 * zero channels around those that are there.
 */
record Downsampling(List<Op> operations) {

    NDArray of(NDArray x) {
        NDArray out = x;
        for (Op operation : operations) {
            NDArray before = out;
            out = Operations.compute(operation, "downsampling", List.of(before), Map.of(), false);
            if (before != x) {
                before.close();
            }
        }
        return out;
    }
}
