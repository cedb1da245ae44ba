package org.espalier.model.families;

import org.espalier.model.NodeChain;
import org.espalier.model.Op;

/**
 * How what goes around a block gets from one stage into the next, at half the resolution and with more channels. The first two have no
 * parameters ("option A"); the gradient flows through them, as in standard implementations, where the paper's own code cuts it.
 */
public enum Shortcut {
    /** Every second pixel; zero channels, half of them before and half behind. The common variant, and that of most pretrained files. */
    SUBSAMPLE {
        @Override
        String add(NodeChain chain, String block, int in, int out, int stride) {
            return padded(chain, block, 1, stride, (out - in) / 2, out - in - (out - in) / 2);
        }
    },
    /** The mean of 2 x 2 pixels; zero channels behind. The variant of the paper's code. */
    AVERAGE {
        @Override
        String add(NodeChain chain, String block, int in, int out, int stride) {
            return padded(chain, block, 2, stride, 0, out - in);
        }
    },
    /** A 1 x 1 convolution at every second pixel, and its batch norm ("option B"). */
    PROJECTION {
        @Override
        String add(NodeChain chain, String block, int in, int out, int stride) {
            return chain.then(block + "shortcut.0", Op.Conv2d.of(in, out, 1, stride)).then(block + "shortcut.1", new Op.BatchNorm(out)).last();
        }
    };

    /** Adds the nodes to a chain that stands at the block's input. @return the last one's name */
    abstract String add(NodeChain chain, String block, int in, int out, int stride);

    private static String padded(NodeChain chain, String block, int window, int stride, int before, int behind) {
        NodeChain pooled = stride == 1 ? chain : chain.then(block + "shortcut.pool", new Op.AvgPool(window, stride));
        return pooled.then(block + "shortcut.pad", new Op.PadChannels(before, behind)).last();
    }
}
