package org.espalier.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/** The DJL blocks of a {@link CifarResNet}. */
final class ResNetBlocks {
    private ResNetBlocks() {
    }

    static Block network(CifarResNet net) {
        SequentialBlock network = new Chain()
                .add(Blocks.conv(net.stages().get(0), 3, 1))
                .add(Blocks.norm())
                .add(Activation::relu);
        for (int block = 0; block < net.inner().size(); block++) {
            boolean first = net.stageBefore(block) != net.stageOf(block);
            network.add(new Basic(net.inner().get(block), net.stages().get(net.stageOf(block)), first ? net.shortcut() : null));
        }
        return network.add(list -> new NDList(Pool.globalAvgPool2d(list.singletonOrThrow())))
                .add(Linear.builder().setUnits(net.classes()).build());
    }

    /** conv, norm, relu, conv, norm, plus the input or its shortcut, relu. */
    private static final class Basic extends AbstractBlock {
        private final int out;
        private final Shortcut shortcut;
        private final Block body;

        /** @param shortcut how the input gets to the next stage's shape; null where the stage goes on */
        Basic(int inner, int out, Shortcut shortcut) {
            this.out = out;
            this.shortcut = shortcut;
            body = addChildBlock("body", new Chain()
                    .add(Blocks.conv(inner, 3, shortcut == null ? 1 : 2))
                    .add(Blocks.norm())
                    .add(Activation::relu)
                    .add(Blocks.conv(out, 3, 1))
                    .add(Blocks.norm()));
        }

        @Override
        protected NDList forwardInternal(ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
            NDArray x = inputs.singletonOrThrow();
            try (NDArray y = body.forward(store, inputs, training, params).singletonOrThrow();
                    NDArray sum = shortcut == null ? y.add(x) : shortened(y, x)) {
                return new NDList(Activation.relu(sum));
            }
        }

        private NDArray shortened(NDArray y, NDArray x) {
            try (NDArray way = shortcut.apply(x, out)) {
                return y.add(way);
            }
        }

        @Override
        protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
            body.initialize(manager, dataType, inputShapes);
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputShapes) {
            return body.getOutputShapes(inputShapes);
        }
    }
}
