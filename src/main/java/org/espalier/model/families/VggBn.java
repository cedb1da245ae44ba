package org.espalier.model.families;

import java.util.List;
import java.util.Map;
import org.espalier.model.Architecture;
import org.espalier.model.GraphNode;
import org.espalier.model.Initialisation;
import org.espalier.model.NodeChain;
import org.espalier.model.Op;
import org.espalier.text.CanonicalText;

/**
 * VGG with batch norm for 32 x 32 images and one linear layer, {@code classifier}. That of depth 19 is the paper's unstructured study's; the paper's
 * other VGG-16 is {@link Vgg}, ImageNet's is {@link ImageNetVgg}.
 *
 * @param depth 11, 13, 16, 19: convolutions and linear layers in the original VGG, which has three of the latter
 */
public record VggBn(int depth, Layout layout, int channels, int classes) implements Architecture {
    /** Two ways in which well-known code writes it down. */
    public enum Layout {
        /** A sequence {@code features}: convolutions with biases, five max pools. */
        USUAL,
        /** Network slimming's (Liu et al., 2017, 2019), a sequence {@code feature}: no biases, four max pools, the mean of the 2 x 2 pixels that are left. */
        SLIMMING
    }

    /** Convolutions between the pools. */
    static final Map<Integer, List<Integer>> CONVOLUTIONS = Map.of(11, List.of(1, 1, 2, 2, 2), 13, List.of(2, 2, 2, 2, 2),
            16, List.of(2, 2, 3, 3, 3), 19, List.of(2, 2, 4, 4, 4));

    public VggBn {
        if (!CONVOLUTIONS.containsKey(depth)) {
            throw new IllegalArgumentException("a VGG has the depth 11, 13, 16 or 19, not " + depth);
        }
    }

    @Override
    public List<GraphNode> nodes() {
        NodeChain chain = new NodeChain();
        boolean usual = layout == Layout.USUAL;
        String features = usual ? "features." : "feature.";
        int in = channels;
        int number = 0;
        for (int stage = 0; stage < 5; stage++) {
            chain.stage(stage);
            int width = Math.min(64 << stage, 512);
            for (int i = 0; i < CONVOLUTIONS.get(depth).get(stage); i++) {
                chain.then(features + number++, new Op.Conv2d(in, width, 3, 1, 1, 1, usual)).then(features + number++, new Op.BatchNorm(width))
                        .then(features + number++, new Op.Relu());
                in = width;
            }
            if (usual || stage < 4) {
                chain.then(features + number++, new Op.MaxPool(2, 2, 0));
            }
        }
        return chain.then("flatten", usual ? new Op.Flatten(1) : new Op.GlobalAvgPool()).then("classifier", new Op.Linear(in, classes)).nodes();
    }

    /** Convolutions from N(0, 2 / (9 in)), the classifier from N(0, 0.01^2). */
    @Override
    public Initialisation initialisation() {
        return Initialisation.PYTORCH.withFan(Initialisation.Fan.IN).withLinear(.01);
    }

    @Override
    public String text() {
        return new CanonicalText(depth == 19 ? "vgg-19" : "vgg-bn-" + depth).add("layout", layout, Layout.USUAL)
                .add("channels", channels, 3).add("classes", classes, 10).toString();
    }

    static VggBn parse(CanonicalText fields) {
        return new VggBn(fields.name().equals("vgg-19") ? 19 : fields.number("vgg-bn-"),
                fields.choice("layout", Layout.class, Layout.USUAL), fields.number("channels", 3), fields.number("classes", 10));
    }

    @Override
    public String toString() {
        return text();
    }
}
