package org.espalier.model;

import java.util.List;
import org.espalier.text.CanonicalText;

/**
 * VGG-19 with batch norm for 32 x 32 images, as the paper's unstructured study has it: sixteen 3x3 convolutions with biases, five max pools, one
 * linear layer. The names are those of a {@code features} sequence and a {@code classifier}.
 */
public record Vgg19(int channels, int classes) implements Architecture {
    private static final int POOL = 0;
    private static final List<Integer> LAYERS = List.of(64, 64, POOL, 128, 128, POOL, 256, 256, 256, 256, POOL, 512, 512, 512, 512, POOL,
            512, 512, 512, 512, POOL);

    @Override
    public List<Node> nodes() {
        NodeChain chain = new NodeChain();
        int in = channels;
        int number = 0;
        int stage = 0;
        for (int width : LAYERS) {
            if (width == POOL) {
                chain.then("features." + number++, new Op.MaxPool(2, 2, 0)).stage(Math.min(++stage, 4));
            } else {
                chain.then("features." + number++, new Op.Conv2d(in, width, 3, 1, 1, 1, true)).then("features." + number++, new Op.BatchNorm(width))
                        .then("features." + number++, new Op.Relu());
                in = width;
            }
        }
        return chain.then("flatten", new Op.Flatten(1)).then("classifier", new Op.Linear(in, classes)).nodes();
    }

    /** Convolutions from N(0, 2 / (9 in)), the classifier from N(0, 0.01^2). */
    @Override
    public Initialisation initialisation() {
        return Initialisation.PYTORCH.withFan(Initialisation.Fan.IN).withLinear(.01);
    }

    @Override
    public String text() {
        return new CanonicalText("vgg-19").add("channels", channels, 3).add("classes", classes, 10).toString();
    }

    static Vgg19 parse(CanonicalText fields) {
        return new Vgg19(fields.number("channels", 3), fields.number("classes", 10));
    }

    @Override
    public String toString() {
        return text();
    }
}
