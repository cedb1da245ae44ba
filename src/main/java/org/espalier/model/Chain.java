package org.espalier.model;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/**
 * Blocks one after the other, where what one hands to the next is let go at once. The engine keeps what backpropagation needs of it; the rest
 * would stay in memory to the end of the step.
 */
final class Chain extends SequentialBlock {
    @Override
    protected NDList forwardInternal(ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDList current = inputs;
        for (Block block : children.values()) {
            NDList previous = current;
            current = block.forward(store, previous, training);
            if (previous != inputs && previous.head() != current.head()) {
                previous.close();
            }
        }
        return current;
    }
}
