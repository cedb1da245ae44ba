package org.espalier.model.families;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.espalier.model.Architecture;
import org.espalier.model.GraphNode;
import org.espalier.model.Initialisation;
import org.espalier.model.NodeChain;
import org.espalier.model.Op;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.text.CanonicalText;

/**
 * VGG-16 with batch norm for 32 x 32 images, as the paper has it: thirteen 3x3 convolutions with a max pool behind the 2nd, 4th, 7th and
 * 10th, a 2x2 mean, a hidden layer of 512, the classifier. Every convolution can lose filters.
 *
 * @param widths filters of the thirteen convolutions
 */
public record Vgg(List<Integer> widths, int channels, int classes) implements Architecture {
    private static final List<Integer> DENSE = List.of(64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512);
    /** How many max pools stand before each convolution. */
    private static final int[] STAGE = {0, 0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4};
    private static final int HIDDEN = 512;

    public Vgg {
        widths = List.copyOf(widths);
        if (widths.size() != DENSE.size() || widths.stream().anyMatch(width -> width < 1)) {
            throw new IllegalArgumentException("VGG-16 has " + DENSE.size() + " widths of at least 1, not " + widths);
        }
        if (channels < 1 || classes < 1) {
            throw new IllegalArgumentException("at least one channel and one class are needed, not " + channels + " and " + classes);
        }
    }

    /** The dense network for colour images. */
    public static Vgg of(int classes) {
        return new Vgg(DENSE, 3, classes);
    }

    /** The same for images of so many channels. */
    public Vgg withChannels(int other) {
        return new Vgg(widths, other, classes);
    }

    @Override
    public List<GraphNode> nodes() {
        NodeChain chain = new NodeChain();
        int in = channels;
        for (int i = 0; i < widths.size(); i++) {
            if (i > 0 && STAGE[i] != STAGE[i - 1]) {
                chain.then("pool" + STAGE[i], new Op.MaxPool(2, 2, 0));
            }
            chain.stage(STAGE[i]).convNormRelu("conv" + (i + 1), "bn" + (i + 1), Op.Conv2d.of(in, widths.get(i), 3, 1));
            in = widths.get(i);
        }
        // On 32 x 32 images 2 x 2 pixels are left here.
        return chain.then("pool5", new Op.GlobalAvgPool()).then("hidden", new Op.Linear(in, HIDDEN)).then("hidden_bn", new Op.BatchNorm(HIDDEN))
                .then("hidden.relu", new Op.Relu()).then("linear", new Op.Linear(HIDDEN, classes)).nodes();
    }

    /** As the paper's code has them: batch norm's scale 0.5, linear weights from N(0, 0.01^2). */
    @Override
    public Initialisation initialisation() {
        return Initialisation.PYTORCH.withGamma(.5f).withLinear(.01);
    }

    /** The convolutions' groups, not the hidden layer's. */
    @Override
    public Architecture resized(Map<String, Integer> other) {
        List<String> groups = prunable().stream().map(ChannelGroup::name).toList();
        if (!groups.containsAll(other.keySet())) {
            return Architecture.super.resized(other);
        }
        List<Integer> resized = new ArrayList<>(widths);
        other.forEach((name, width) -> resized.set(groups.indexOf(name), width));
        return withWidths(resized);
    }

    @Override
    public Vgg dense() {
        return new Vgg(DENSE, channels, classes);
    }

    @Override
    public Vgg withWidths(List<Integer> other) {
        return new Vgg(other, channels, classes);
    }

    @Override
    public String text() {
        return new CanonicalText("vgg-16").add("widths", widths, DENSE).add("channels", channels, 3).add("classes", classes, 10).toString();
    }

    static Vgg parse(CanonicalText fields) {
        return new Vgg(fields.numbers("widths", DENSE), fields.number("channels", 3), fields.number("classes", 10));
    }

    @Override
    public String toString() {
        return text();
    }
}
