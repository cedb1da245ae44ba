package com.acme;

import java.util.List;
import org.espalier.model.Architecture;
import org.espalier.model.GraphNode;
import org.espalier.model.NodeChain;
import org.espalier.model.Op;

/** A stem, one residual block with a depthwise convolution in it, the mean over all pixels, a linear layer. */
public record TinyNet(int width, int channels, int classes) implements Architecture {

    @Override
    public List<GraphNode> nodes() {
        NodeChain chain = new NodeChain().convNormRelu("stem", "stem_bn", Op.Conv2d.of(channels, width, 3, 2));
        String input = chain.last();
        String branch = chain.convNormRelu("block.expand", "block.bn1", Op.Conv2d.of(width, 4 * width, 1, 1))
                .convNormRelu("block.depthwise", "block.bn2", Op.Conv2d.depthwise(4 * width, 3, 1))
                .then("block.project", Op.Conv2d.of(4 * width, width, 1, 1)).then("block.bn3", new Op.BatchNorm(width)).last();
        return chain.join("block.add", new Op.Add(), branch, input).then("pool", new Op.GlobalAvgPool())
                .then("linear", new Op.Linear(width, classes)).nodes();
    }
}
