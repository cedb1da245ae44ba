package org.espalier.engine.cpu;

import java.util.Optional;

/**
 * What networks are built of: a layer, its batch norm, and a ReLU. A residual unit ends a block: it adds what was put out two units before
 * to what its norm puts out, before the ReLU.
 *
 * @param before   the pool in front of the layer
 * @param layer    a convolution or a linear layer
 * @param shortcut how what is added gets to another stage's shape; empty where it has that shape
 */
public record Unit(Pool before, Layer layer, Layer.Norm norm, boolean residual, Optional<Shortcut> shortcut) {

    static Unit of(Pool before, Layer layer, String norm, int width) {
        return new Unit(before, layer, new Layer.Norm(norm, width), false, Optional.empty());
    }

    static Unit residual(Layer layer, String norm, int width, Optional<Shortcut> shortcut) {
        return new Unit(Pool.NONE, layer, new Layer.Norm(norm, width), true, shortcut);
    }

    public int width() {
        return norm.width();
    }
}
