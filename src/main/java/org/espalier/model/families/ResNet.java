package org.espalier.model.families;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.espalier.model.Architecture;
import org.espalier.model.GraphNode;
import org.espalier.model.NodeChain;
import org.espalier.model.Op;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.text.CanonicalText;

/**
 * The ResNet for ImageNet (He et al. 2016, table 1; the stride in a bottleneck's 3x3 convolution), with torchvision's names: a 7x7 stem with
 * stride 2 and a max pool, four stages of basic or bottleneck blocks, the mean over all pixels, {@code fc}. Where a stage begins, the shortcut is
 * a 1x1 convolution with a batch norm, {@code downsample}.
 *
 * @param depth       18, 34 (basic blocks), 50, 101, 152 (bottlenecks)
 * @param stem        {@link Stem#SMALL} for the variant that many use on 32 x 32 images
 * @param cardinality groups of a bottleneck's 3x3 convolution: 1, and more in a ResNeXt (Xie et al. 2017)
 * @param groupWidth  channels of each group in the first stage: 64 in a ResNet, 4 in ResNeXt-50 (32 x 4d)
 */
public record ResNet(int depth, Stem stem, int cardinality, int groupWidth, int channels, int classes) implements Architecture {
    /** What stands before the first block. */
    public enum Stem {
        /** A 7x7 convolution with stride 2, and a max pool. */
        USUAL,
        /** A 3x3 convolution, without a pool. */
        SMALL
    }

    /** Blocks of each stage. */
    private static final Map<Integer, List<Integer>> BLOCKS = Map.of(18, List.of(2, 2, 2, 2), 34, List.of(3, 4, 6, 3), 50, List.of(3, 4, 6, 3),
            101, List.of(3, 4, 23, 3), 152, List.of(3, 8, 36, 3));
    private static final int EXPANSION = 4;
    private static final int WIDTH = 64;

    public ResNet {
        if (!BLOCKS.containsKey(depth)) {
            throw new IllegalArgumentException("an ImageNet ResNet has the depth 18, 34, 50, 101 or 152, not " + depth
                    + "; ResNets of depth 6n+2 for small images are called cifar-resnet-" + depth);
        }
        if (depth < 50 && (cardinality != 1 || groupWidth != WIDTH)) {
            throw new IllegalArgumentException("basic blocks, as a ResNet-" + depth + " has them, have one group of " + WIDTH + ", not " + cardinality + " of " + groupWidth);
        }
    }

    /** The depth of the network with so many blocks in its four stages, or nothing. */
    public static OptionalInt depth(List<Integer> blocks, boolean bottlenecks) {
        return BLOCKS.entrySet().stream().filter(depth -> depth.getValue().equals(blocks) && depth.getKey() >= 50 == bottlenecks)
                .mapToInt(Map.Entry::getKey).findFirst();
    }

    private boolean bottleneck() {
        return depth >= 50;
    }

    @Override
    public List<GraphNode> nodes() {
        NodeChain chain = new NodeChain();
        if (stem == Stem.USUAL) {
            chain.convNormRelu("conv1", "bn1", Op.Conv2d.of(channels, 64, 7, 2)).then("maxpool", new Op.MaxPool(3, 2, 1));
        } else {
            chain.convNormRelu("conv1", "bn1", Op.Conv2d.of(channels, 64, 3, 1));
        }
        int in = 64;
        for (int stage = 0; stage < 4; stage++) {
            int width = WIDTH << stage;
            int out = bottleneck() ? EXPANSION * width : width;
            int inner = cardinality * (groupWidth << stage);
            for (int block = 0; block < BLOCKS.get(depth).get(stage); block++) {
                addBlock(chain.stage(stage), "layer" + (stage + 1) + "." + block + ".", in, inner, out, block == 0 && stage > 0 ? 2 : 1);
                in = out;
            }
        }
        return chain.then("avgpool", new Op.GlobalAvgPool()).then("fc", new Op.Linear(in, classes)).nodes();
    }

    private void addBlock(NodeChain chain, String name, int in, int width, int out, int stride) {
        String input = chain.last();
        if (bottleneck()) {
            addBottleneck(chain, name, in, new Op.Conv2d(width, width, 3, stride, 1, cardinality, false), out);
        } else {
            chain.convNormRelu(name + "conv1", name + "bn1", Op.Conv2d.of(in, width, 3, stride))
                    .then(name + "conv2", Op.Conv2d.of(width, out, 3, 1)).then(name + "bn2", new Op.BatchNorm(out));
            addShortcut(chain, name, input, in, out, stride);
        }
    }

    /** A 1x1 convolution, the 3x3 one in the middle, a 1x1 convolution, and the shortcut around them. */
    static void addBottleneck(NodeChain chain, String name, int in, Op.Conv2d middle, int out) {
        String input = chain.last();
        chain.convNormRelu(name + "conv1", name + "bn1", Op.Conv2d.of(in, middle.in(), 1, 1)).convNormRelu(name + "conv2", name + "bn2", middle)
                .then(name + "conv3", Op.Conv2d.of(middle.out(), out, 1, 1)).then(name + "bn3", new Op.BatchNorm(out));
        addShortcut(chain, name, input, in, out, middle.stride());
    }

    private static void addShortcut(NodeChain chain, String name, String input, int in, int out, int stride) {
        String branch = chain.last();
        String shortcut = stride == 1 && in == out ? input : chain.from(input).then(name + "downsample.0", Op.Conv2d.of(in, out, 1, stride))
                .then(name + "downsample.1", new Op.BatchNorm(out)).last();
        chain.join(name + "add", new Op.Add(), branch, shortcut).then(name + "relu", new Op.Relu());
    }

    /** Inside the blocks; the stem stays. */
    @Override
    public List<ChannelGroup> prunable() {
        return Architecture.super.prunable().stream().filter(group -> group.name().startsWith("layer")).toList();
    }

    @Override
    public int imageSize() {
        return stem == Stem.USUAL ? 224 : 32;
    }

    @Override
    public String text() {
        return new CanonicalText("resnet-" + depth).add("stem", stem, Stem.USUAL).add("cardinality", cardinality, 1)
                .add("width", groupWidth, WIDTH).add("channels", channels, 3).add("classes", classes, 1000).toString();
    }

    static ResNet parse(CanonicalText fields) {
        return new ResNet(fields.number("resnet-"), fields.choice("stem", Stem.class, Stem.USUAL), fields.number("cardinality", 1),
                fields.number("width", WIDTH), fields.number("channels", 3), fields.number("classes", 1000));
    }

    @Override
    public String toString() {
        return text();
    }
}
