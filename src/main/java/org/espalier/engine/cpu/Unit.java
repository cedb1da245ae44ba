package org.espalier.engine.cpu;

import java.util.Optional;

/**
 * What is fused: a layer, its batch norm, an addition and a ReLU. A residual unit ends a block: it adds what was put out two units before to what
 * its norm puts out, before the ReLU.
 *
 * @param before   the pool in front of the layer
 * @param layer    a convolution or a linear layer
 * @param shortcut how what is added gets to another stage's shape; empty where it has that shape
 */
record Unit(Pool before, Layer layer, Layer.Norm norm, boolean residual, Optional<Downsampling> shortcut) {

    int width() {
        return norm.width();
    }
}
