package org.espalier.model.families;

import java.util.List;
import org.espalier.model.Architecture;
import org.espalier.model.GraphNode;
import org.espalier.model.NodeChain;
import org.espalier.model.Op;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.text.CanonicalText;

/**
 * The bottleneck ResNet for 32 x 32 images that the paper's unstructured study calls ResNet-56 and ResNet-110: n blocks of 1x1, 3x3, 1x1
 * convolutions in each of three stages, which put out 64, 128, 256 channels, with a projection where a stage begins. These are not the networks
 * of its l1 study, which are {@link CifarResNet}s.
 *
 * @param depth 6n+2 by the study's own count, which knows two convolutions a block: 56 has 9 blocks a stage
 */
public record CifarBottleneck(int depth, int channels, int classes) implements Architecture {
    private static final int EXPANSION = 4;

    public CifarBottleneck {
        if (depth < 8 || depth % 6 != 2 || depth > 10_000) {
            throw new IllegalArgumentException("a bottleneck ResNet for CIFAR is named by a depth of 6n+2 (56, 110), not " + depth);
        }
    }

    @Override
    public List<GraphNode> nodes() {
        NodeChain chain = new NodeChain().convNormRelu("conv1", "bn1", Op.Conv2d.of(channels, 16, 3, 1));
        int in = 16;
        for (int stage = 0; stage < 3; stage++) {
            int width = 16 << stage;
            for (int block = 0; block < (depth - 2) / 6; block++) {
                ResNet.addBottleneck(chain.stage(stage), "layer" + (stage + 1) + "." + block + ".", in,
                        Op.Conv2d.of(width, width, 3, block == 0 && stage > 0 ? 2 : 1), EXPANSION * width);
                in = EXPANSION * width;
            }
        }
        return chain.then("avgpool", new Op.GlobalAvgPool()).then("fc", new Op.Linear(in, classes)).nodes();
    }

    /** Inside the blocks; the stem stays. */
    @Override
    public List<ChannelGroup> prunable() {
        return Architecture.super.prunable().stream().filter(group -> group.name().startsWith("layer")).toList();
    }

    @Override
    public String text() {
        return new CanonicalText("cifar-bottleneck-" + depth).add("channels", channels, 3).add("classes", classes, 10).toString();
    }

    static CifarBottleneck parse(CanonicalText fields) {
        return new CifarBottleneck(fields.number("cifar-bottleneck-"), fields.number("channels", 3), fields.number("classes", 10));
    }

    @Override
    public String toString() {
        return text();
    }
}
