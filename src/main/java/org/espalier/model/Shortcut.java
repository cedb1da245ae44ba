package org.espalier.model;

import java.util.List;

/**
 * The parameter-free shortcut over a change of stage ("option A"): half the resolution, zero channels for those that are new. The gradient
 * flows through it, as in standard implementations; the paper's own code cuts it there.
 */
public enum Shortcut {
    /** Every second pixel; zero channels, half of them before and half behind. The common variant, and that of most pretrained files. */
    SUBSAMPLE {
        @Override
        public int window() {
            return 1;
        }

        @Override
        public int before(int added) {
            return added / 2;
        }
    },
    /** The mean of 2 x 2 pixels; zero channels behind. The variant of the paper's code. */
    AVERAGE {
        @Override
        public int window() {
            return 2;
        }

        @Override
        public int before(int added) {
            return 0;
        }
    };

    /** Adds what goes around a block into the next stage, and returns the name of its last node. @param added how many channels more */
    String add(List<Node> nodes, String name, String input, int added, int stage) {
        nodes.add(Node.of(name + ".pool", new Op.AvgPool(window(), 2), stage, input));
        nodes.add(Node.of(name + ".pad", new Op.PadChannels(before(added), added - before(added)), stage, name + ".pool"));
        return name + ".pad";
    }

    /** The side of the square of pixels whose mean is taken, at every second pixel. */
    public abstract int window();

    /** How many of the added zero channels stand before the others. */
    public abstract int before(int added);
}
