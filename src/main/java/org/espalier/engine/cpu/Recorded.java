package org.espalier.engine.cpu;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;
import org.espalier.engine.device.Libtorch;
import org.espalier.engine.device.Recording;

/** What libtorch computes between units, a pool or a shortcut into another stage's shape; it records the gradient. */
record Recorded(NDArray input, NDArray output) {

    static Recorded of(ChannelsLast from, UnaryOperator<NDArray> operation) {
        NDArray input = Recording.leaf(from.array());
        return new Recorded(input, Recording.of(() -> operation.apply(input)));
    }

    ChannelsLast values() {
        return ChannelsLast.of(output);
    }

    /** dL/dx of its input. */
    ChannelsLast backward(ChannelsLast gradient) {
        NDArray ofOutput = gradient.array();
        Libtorch.backward(output, output.getShape().dimension() == 4 ? ofOutput : ofOutput.reshape(output.getShape()));
        return ChannelsLast.of(input.getGradient());
    }
}
