package org.espalier.model.families;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.espalier.model.Architecture;
import org.espalier.model.GraphNode;
import org.espalier.model.NodeChain;
import org.espalier.model.Op;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.text.CanonicalText;

/**
 * The ResNet of depth 6n+2 for small images (He et al. 2016, section 4.2): a 3x3 stem, three stages of n basic blocks, the mean over all
 * pixels, a linear layer. Only the first convolution of a block can lose filters: what a block puts out must fit its shortcut.
 *
 * @param depth    6n+2
 * @param stem     what the first convolution puts out; mostly as much as the first stage, else a shortcut leads from one to the other
 * @param stages   what the three stages put out; 16, 32, 64 in the literature
 * @param inner    the width inside each of the 3n blocks, in order; the dense network has its stage's width in each
 * @param channels of an input image
 */
public record CifarResNet(int depth, int stem, List<Integer> stages, List<Integer> inner, int channels, int classes, Shortcut shortcut)
        implements Architecture {
    private static final List<Integer> USUAL_STAGES = List.of(16, 32, 64);

    public CifarResNet {
        stages = List.copyOf(stages);
        inner = List.copyOf(inner);
        if (depth < 8 || depth % 6 != 2) {
            throw new IllegalArgumentException("a CIFAR ResNet has a depth of 6n+2 (8, 20, 32, 44, 56, 110), not " + depth);
        }
        if (stages.size() != 3 || stages.get(0) < 1 || stages.get(1) < stages.get(0) || stages.get(2) < stages.get(1)) {
            throw new IllegalArgumentException("three stage widths that don't shrink are needed, not " + stages);
        }
        if (stem < 1 || stem > stages.get(0)) {
            throw new IllegalArgumentException("the stem puts out at least one channel and at most as many as the first stage, " + stages.get(0)
                    + ", not " + stem);
        }
        if (inner.size() != depth / 2 - 1 || inner.stream().anyMatch(width -> width < 1)) {
            throw new IllegalArgumentException("depth " + depth + " has " + (depth / 2 - 1) + " inner widths of at least 1, not " + inner);
        }
        if (channels < 1 || classes < 1) {
            throw new IllegalArgumentException("at least one channel and one class are needed, not " + channels + " and " + classes);
        }
    }

    /** With a stem as wide as the first stage. */
    public CifarResNet(int depth, List<Integer> stages, List<Integer> inner, int channels, int classes, Shortcut shortcut) {
        this(depth, stages.isEmpty() ? 0 : stages.get(0), stages, inner, channels, classes, shortcut);
    }

    /** The dense network of the literature for colour images. */
    public static CifarResNet of(int depth, int classes) {
        return dense(depth, USUAL_STAGES, 3, classes, Shortcut.SUBSAMPLE);
    }

    public static CifarResNet dense(int depth, List<Integer> stages, int channels, int classes, Shortcut shortcut) {
        List<Integer> inner = new ArrayList<>();
        for (int stage = 0; stage < stages.size(); stage++) {
            inner.addAll(Collections.nCopies((depth - 2) / 6, stages.get(stage)));
        }
        return new CifarResNet(depth, stages, inner, channels, classes, shortcut);
    }

    @Override
    public List<GraphNode> nodes() {
        NodeChain chain = new NodeChain().convNormRelu("conv1", "bn1", Op.Conv2d.of(channels, stem, 3, 1));
        for (int block = 0; block < inner.size(); block++) {
            addBlock(chain, block);
        }
        return chain.then("pool", new Op.GlobalAvgPool()).then("linear", new Op.Linear(stages.get(2), classes)).nodes();
    }

    /** relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x)). */
    private void addBlock(NodeChain chain, int block) {
        int blocks = inner.size() / 3;
        int stage = block / blocks;
        int in = block == 0 ? stem : stages.get((block - 1) / blocks);
        int out = stages.get(stage);
        int stride = stage > 0 && block % blocks == 0 ? 2 : 1;
        String name = "layer" + (stage + 1) + "." + block % blocks + ".";
        String input = chain.last();
        String branch = chain.stage(stage).convNormRelu(name + "conv1", name + "bn1", Op.Conv2d.of(in, inner.get(block), 3, stride))
                .then(name + "conv2", Op.Conv2d.of(inner.get(block), out, 3, 1)).then(name + "bn2", new Op.BatchNorm(out)).last();
        String around = stride > 1 || in != out ? shortcut.add(chain.from(input), name, in, out, stride) : input;
        chain.join(name + "add", new Op.Add(), branch, around).then(name + "relu", new Op.Relu());
    }

    /** Of the first convolution in each block. */
    @Override
    public List<Integer> widths() {
        return inner;
    }

    @Override
    public Architecture resized(Map<String, Integer> widths) {
        List<String> groups = prunable().stream().map(ChannelGroup::name).toList();
        if (!groups.containsAll(widths.keySet())) {
            return Architecture.super.resized(widths);
        }
        List<Integer> resized = new ArrayList<>(inner);
        widths.forEach((name, width) -> resized.set(groups.indexOf(name), width));
        return withWidths(resized);
    }

    @Override
    public CifarResNet dense() {
        return withWidths(dense(depth, stages, channels, classes, shortcut).inner);
    }

    @Override
    public CifarResNet withWidths(List<Integer> widths) {
        return new CifarResNet(depth, stem, stages, widths, channels, classes, shortcut);
    }

    /** The same with other zero channels and pooling in its shortcuts; no file tells them apart. */
    public CifarResNet withShortcut(Shortcut other) {
        return new CifarResNet(depth, stem, stages, inner, channels, classes, other);
    }

    @Override
    public String text() {
        return new CanonicalText("cifar-resnet-" + depth).add("stages", stages, USUAL_STAGES).add("stem", stem, stages.get(0))
                .add("inner", inner, dense().inner).add("channels", channels, 3).add("classes", classes, 10)
                .add("shortcut", shortcut, Shortcut.SUBSAMPLE).toString();
    }

    static CifarResNet parse(CanonicalText fields) {
        int depth = fields.number("cifar-resnet-");
        if (depth > 10_000) {
            throw new IllegalArgumentException("a depth of " + depth + " is more than any network has");
        }
        CifarResNet dense = dense(depth, fields.numbers("stages", USUAL_STAGES), fields.number("channels", 3), fields.number("classes", 10),
                fields.choice("shortcut", Shortcut.class, Shortcut.SUBSAMPLE));
        return new CifarResNet(depth, fields.number("stem", dense.stem), dense.stages, fields.numbers("inner", dense.inner), dense.channels, dense.classes,
                dense.shortcut);
    }

    @Override
    public String toString() {
        return text();
    }
}
