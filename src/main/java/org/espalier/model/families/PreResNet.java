package org.espalier.model.families;

import java.util.List;
import org.espalier.model.Architecture;
import org.espalier.model.GraphNode;
import org.espalier.model.NodeChain;
import org.espalier.model.Op;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.text.CanonicalText;

/**
 * The pre-activation bottleneck ResNet for 32 x 32 images (He et al. 2016, "Identity Mappings"), as the paper's unstructured study has it: norm
 * and ReLU before each convolution, nothing after an addition, a last norm and ReLU before the pool. Where a stage begins, a 1x1 convolution
 * without norm takes the block's raw input.
 *
 * @param depth 9n+2; 110 has 12 blocks a stage
 */
public record PreResNet(int depth, int channels, int classes) implements Architecture {
    private static final int EXPANSION = 4;

    public PreResNet {
        if (depth < 11 || depth % 9 != 2 || depth > 10_000) {
            throw new IllegalArgumentException("a pre-activation bottleneck ResNet has a depth of 9n+2 (110, 164), not " + depth);
        }
    }

    @Override
    public List<GraphNode> nodes() {
        NodeChain chain = new NodeChain().then("conv1", Op.Conv2d.of(channels, 16, 3, 1));
        int in = 16;
        for (int stage = 0; stage < 3; stage++) {
            int width = 16 << stage;
            for (int block = 0; block < (depth - 2) / 9; block++) {
                addBlock(chain.stage(stage), "layer" + (stage + 1) + "." + block + ".", in, width, block == 0 && stage > 0 ? 2 : 1);
                in = EXPANSION * width;
            }
        }
        return chain.normRelu("bn", in).then("avgpool", new Op.GlobalAvgPool()).then("fc", new Op.Linear(in, classes)).nodes();
    }

    private static void addBlock(NodeChain chain, String name, int in, int width, int stride) {
        String input = chain.last();
        int out = EXPANSION * width;
        chain.normRelu(name + "bn1", in).then(name + "conv1", Op.Conv2d.of(in, width, 1, 1));
        chain.normRelu(name + "bn2", width).then(name + "conv2", Op.Conv2d.of(width, width, 3, stride));
        String branch = chain.normRelu(name + "bn3", width).then(name + "conv3", Op.Conv2d.of(width, out, 1, 1)).last();
        String shortcut = in == out && stride == 1 ? input : chain.from(input).then(name + "downsample.0", Op.Conv2d.of(in, out, 1, stride)).last();
        chain.join(name + "add", new Op.Add(), branch, shortcut);
    }

    /** Inside the blocks; the stem stays. */
    @Override
    public List<ChannelGroup> prunable() {
        return Architecture.super.prunable().stream().filter(group -> group.name().startsWith("layer")).toList();
    }

    @Override
    public String text() {
        return new CanonicalText("preresnet-" + depth).add("channels", channels, 3).add("classes", classes, 10).toString();
    }

    static PreResNet parse(CanonicalText fields) {
        return new PreResNet(fields.number("preresnet-"), fields.number("channels", 3), fields.number("classes", 10));
    }

    @Override
    public String toString() {
        return text();
    }
}
