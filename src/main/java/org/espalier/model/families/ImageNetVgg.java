package org.espalier.model.families;

import java.util.List;
import org.espalier.model.Architecture;
import org.espalier.model.GraphNode;
import org.espalier.model.Initialisation;
import org.espalier.model.NodeChain;
import org.espalier.model.Op;
import org.espalier.text.CanonicalText;

/**
 * VGG for images of 224 x 224 (Simonyan and Zisserman, 2015), by torchvision's names: 3x3 convolutions with biases, five max pools, three linear
 * layers. Its dropout, which only training has, is left out.
 *
 * @param depth 11, 13, 16, 19
 */
public record ImageNetVgg(int depth, Norm norm, int channels, int classes) implements Architecture {
    /** What stands behind each convolution. */
    public enum Norm {
        NONE, BATCH
    }

    /** What five pools leave of 224 x 224. */
    private static final int PIXELS = 7 * 7;
    private static final int HIDDEN = 4096;

    public ImageNetVgg {
        if (!VggBn.CONVOLUTIONS.containsKey(depth)) {
            throw new IllegalArgumentException("a VGG has the depth 11, 13, 16 or 19, not " + depth);
        }
    }

    @Override
    public List<GraphNode> nodes() {
        NodeChain chain = new NodeChain();
        int in = channels;
        int number = 0;
        for (int stage = 0; stage < 5; stage++) {
            chain.stage(stage);
            int width = Math.min(64 << stage, 512);
            for (int i = 0; i < VggBn.CONVOLUTIONS.get(depth).get(stage); i++) {
                chain.then("features." + number++, new Op.Conv2d(in, width, 3, 1, 1, 1, true));
                if (norm == Norm.BATCH) {
                    chain.then("features." + number++, new Op.BatchNorm(width));
                }
                chain.then("features." + number++, new Op.Relu());
                in = width;
            }
            chain.then("features." + number++, new Op.MaxPool(2, 2, 0));
        }
        return chain.then("flatten", new Op.Flatten(PIXELS)).then("classifier.0", new Op.Linear(in * PIXELS, HIDDEN)).then("classifier.1", new Op.Relu())
                .then("classifier.3", new Op.Linear(HIDDEN, HIDDEN)).then("classifier.4", new Op.Relu()).then("classifier.6", new Op.Linear(HIDDEN, classes))
                .nodes();
    }

    /** Linear weights from N(0, 0.01^2). */
    @Override
    public Initialisation initialisation() {
        return Initialisation.PYTORCH.withLinear(.01);
    }

    @Override
    public int imageSize() {
        return 224;
    }

    @Override
    public String text() {
        return new CanonicalText("imagenet-vgg-" + depth).add("norm", norm, Norm.NONE).add("channels", channels, 3)
                .add("classes", classes, 1000).toString();
    }

    static ImageNetVgg parse(CanonicalText fields) {
        return new ImageNetVgg(fields.number("imagenet-vgg-"), fields.choice("norm", Norm.class, Norm.NONE), fields.number("channels", 3),
                fields.number("classes", 1000));
    }

    @Override
    public String toString() {
        return text();
    }
}
