package org.espalier.model.families;

import java.util.List;
import org.espalier.model.Architecture;
import org.espalier.model.GraphNode;
import org.espalier.model.NodeChain;
import org.espalier.model.Op;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.text.CanonicalText;

/**
 * DenseNet for 32 x 32 images without bottlenecks (Huang et al. 2017), as the paper's unstructured study has it: three blocks, in which every
 * layer puts 12 channels beside all that came before, with transitions that keep the number of channels.
 *
 * @param depth 3n+4; 40 has 12 layers in each block
 */
public record DenseNet(int depth, int channels, int classes) implements Architecture {
    private static final int GROWTH = 12;

    public DenseNet {
        if (depth < 7 || depth % 3 != 1 || depth > 1000) {
            throw new IllegalArgumentException("a CIFAR DenseNet has a depth of 3n+4 (40, 100), not " + depth);
        }
    }

    @Override
    public List<GraphNode> nodes() {
        int width = 2 * GROWTH;
        NodeChain chain = new NodeChain().then("conv1", Op.Conv2d.of(channels, width, 3, 1));
        for (int block = 1; block <= 3; block++) {
            chain.stage(block - 1);
            for (int layer = 0; layer < (depth - 4) / 3; layer++) {
                String name = "dense" + block + "." + layer + ".";
                String input = chain.last();
                String grown = chain.normRelu(name + "bn1", width).then(name + "conv1", Op.Conv2d.of(width, GROWTH, 3, 1)).last();
                chain.join(name + "concat", new Op.Concat(), input, grown);
                width += GROWTH;
            }
            if (block < 3) {
                String name = "trans" + block + ".";
                chain.normRelu(name + "bn1", width).then(name + "conv1", Op.Conv2d.of(width, width, 1, 1)).then(name + "pool", new Op.AvgPool(2, 2));
            }
        }
        return chain.normRelu("bn", width).then("pool", new Op.GlobalAvgPool()).then("fc", new Op.Linear(width, classes)).nodes();
    }

    /** What the layers inside the blocks put out. */
    @Override
    public List<ChannelGroup> prunable() {
        return Architecture.super.prunable().stream().filter(group -> group.name().startsWith("dense")).toList();
    }

    @Override
    public String text() {
        return new CanonicalText("densenet-" + depth).add("channels", channels, 3).add("classes", classes, 10).toString();
    }

    static DenseNet parse(CanonicalText fields) {
        return new DenseNet(fields.number("densenet-"), fields.number("channels", 3), fields.number("classes", 10));
    }

    @Override
    public String toString() {
        return text();
    }
}
