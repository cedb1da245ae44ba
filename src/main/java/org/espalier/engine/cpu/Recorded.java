package org.espalier.engine.cpu;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.espalier.engine.device.Libtorch;
import org.espalier.engine.device.Recording;

/**
 * What libtorch computes between units, a pool or a shortcut into another stage's shape; it records the gradient. Several units may take the same, as
 * the first block of an ImageNet ResNet takes the pool behind the first layer: it is computed once forward, and once backward of the sum.
 */
final class Recorded {
    private final NDArray input;
    private final NDArray output;
    private final ChannelsLast values;
    private int takers;
    /** The sum of dL/dy of those that were computed backward already, in the place of the first; null before. */
    private ChannelsLast sum;

    private Recorded(NDArray input, NDArray output) {
        this.input = input;
        this.output = output;
        values = ChannelsLast.of(output);
    }

    static Recorded of(ChannelsLast from, UnaryOperator<NDArray> operation) {
        NDArray input = Recording.leaf(from.array());
        return new Recorded(input, Recording.of(() -> operation.apply(input)));
    }

    /** For one more taker, who will call {@link #backward}. */
    Recorded taken() {
        takers++;
        return this;
    }

    ChannelsLast values() {
        return values;
    }

    /**
     * Adds a taker's dL/dy. The first of several is {@linkplain #keeps kept} and closed by this, when all have said theirs.
     *
     * @return dL/dx of the input, when this was the last taker
     */
    Optional<ChannelsLast> backward(ChannelsLast part) {
        takers--;
        if (sum != null) {
            sum.array().addi(part.array());
        } else if (takers > 0) {
            sum = part;
        }
        if (takers > 0) {
            return Optional.empty();
        }
        NDArray whole = (sum == null ? part : sum).array();
        Libtorch.backward(output, output.getShape().dimension() == 4 ? whole : whole.reshape(output.getShape()));
        if (sum != null) {
            sum.close();
        }
        return Optional.of(ChannelsLast.of(input.getGradient()));
    }

    boolean keeps(ChannelsLast gradient) {
        return gradient == sum;
    }
}
