package org.espalier.engine.cpu;

import java.util.Optional;

/**
 * What is fused: a layer, its batch norm, an addition and an activation. Other units are named by their places in the {@link FusedPlan}.
 *
 * @param input    the unit whose output the layer takes, or {@link #IMAGES}
 * @param before   a pool in front of the layer
 * @param added    the unit whose output is added to what the norm puts out, before the activation; {@link #NOTHING} if none is
 * @param shortcut how what is added gets to another stage's shape; empty where it has that shape
 */
record Unit(int input, Optional<Downsampling> before, Layer.Conv layer, Layer.Norm norm, Activation activation, int added, Optional<Downsampling> shortcut) {
    static final int IMAGES = -1;
    static final int NOTHING = -2;

    boolean residual() {
        return added != NOTHING;
    }

    boolean takes(int unit) {
        return input == unit || added == unit;
    }

    /** Whether the layer takes a unit's output as it is, so that both can be computed in one go. */
    boolean takesDirectly(int unit) {
        return input == unit && before.isEmpty();
    }
}
