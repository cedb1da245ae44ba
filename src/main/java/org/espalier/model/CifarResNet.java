package org.espalier.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.espalier.text.CanonicalText;

/**
 * The ResNet of depth 6n+2 for small images (He et al. 2016, section 4.2): a 3x3 stem, three stages of n basic blocks, the mean over all
 * pixels, a linear layer. Only the first convolution of a block can lose filters: what a block puts out must fit its shortcut.
 *
 * @param depth    6n+2
 * @param stages   what the three stages put out; 16, 32, 64 in the literature
 * @param inner    the width inside each of the 3n blocks, in order; the dense network has its stage's width in each
 * @param channels of an input image
 */
public record CifarResNet(int depth, List<Integer> stages, List<Integer> inner, int channels, int classes, Shortcut shortcut) implements Architecture {
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
        if (inner.size() != depth / 2 - 1 || inner.stream().anyMatch(width -> width < 1)) {
            throw new IllegalArgumentException("depth " + depth + " has " + (depth / 2 - 1) + " inner widths of at least 1, not " + inner);
        }
        if (channels < 1 || classes < 1) {
            throw new IllegalArgumentException("at least one channel and one class are needed, not " + channels + " and " + classes);
        }
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

    /** n: the blocks of each stage. */
    public int blocksPerStage() {
        return (depth - 2) / 6;
    }

    @Override
    public List<Unit> units() {
        List<Unit> units = new ArrayList<>();
        units.add(Unit.of(Pool.NONE, new Layer.Conv("conv1", channels, stages.get(0), 3, 1, 1, false), "bn1", stages.get(0)));
        for (int block = 0; block < inner.size(); block++) {
            int stage = stageOf(block);
            int in = stages.get(stageBefore(block));
            int within = inner.get(block);
            int out = stages.get(stage);
            boolean first = stageBefore(block) != stage;
            String name = blockName(block);
            units.add(Unit.of(Pool.NONE, new Layer.Conv(name + ".conv1", in, within, 3, first ? 2 : 1, 1 << stage, false), name + ".bn1", within));
            units.add(Unit.residual(new Layer.Conv(name + ".conv2", within, out, 3, 1, 1 << stage, false), name + ".bn2", out,
                    first ? Optional.of(shortcut) : Optional.empty()));
        }
        return units;
    }

    @Override
    public Head head() {
        return new Head(Pool.MEAN, new Layer.Linear("linear", stages.get(2), classes));
    }

    @Override
    public List<Prunable> prunable() {
        List<Prunable> prunable = new ArrayList<>();
        for (int block = 0; block < inner.size(); block++) {
            String name = blockName(block);
            // The stem is convolution 1, so the first convolution of the b-th block is number 2b.
            prunable.add(new Prunable(2 * (block + 1), stageOf(block), name + ".conv1", name + ".bn1", name + ".conv2",
                    inner.get(block), stages.get(stageOf(block))));
        }
        return prunable;
    }

    @Override
    public CifarResNet withWidths(List<Integer> widths) {
        return new CifarResNet(depth, stages, widths, channels, classes, shortcut);
    }

    /** The same with other zero channels and pooling in its shortcuts; no file tells them apart. */
    public CifarResNet withShortcut(Shortcut other) {
        return new CifarResNet(depth, stages, inner, channels, classes, other);
    }

    @Override
    public String text() {
        var fields = new CanonicalText("cifar-resnet-" + depth);
        fields.add("stages", stages, USUAL_STAGES);
        fields.add("inner", inner, dense(depth, stages, channels, classes, shortcut).inner);
        fields.add("channels", channels, 3);
        fields.add("classes", classes, 10);
        fields.add("shortcut", shortcut.name().toLowerCase(Locale.ROOT), "subsample");
        return fields.toString();
    }

    static CifarResNet parse(String text) {
        var fields = CanonicalText.parse(text);
        int depth = fields.number("cifar-resnet-");
        if (depth > 10_000) {
            throw new IllegalArgumentException("a depth of " + depth + " is more than any network has");
        }
        CifarResNet dense = dense(depth, fields.numbers("stages", USUAL_STAGES), fields.number("channels", 3), fields.number("classes", 10),
                fields.choice("shortcut", Shortcut.class, Shortcut.SUBSAMPLE));
        CifarResNet parsed = dense.withWidths(fields.numbers("inner", dense.inner));
        fields.requireNoneLeft();
        return parsed;
    }

    int stageOf(int block) {
        return block / blocksPerStage();
    }

    /** The stage that a block's input comes from. */
    int stageBefore(int block) {
        return block == 0 ? 0 : stageOf(block - 1);
    }

    private String blockName(int block) {
        return "layer" + (stageOf(block) + 1) + "." + block % blocksPerStage();
    }

    @Override
    public String toString() {
        return text();
    }
}
