package org.espalier.model.families;

import java.util.List;
import org.espalier.model.Architecture;
import org.espalier.model.GraphNode;
import org.espalier.model.Initialisation;
import org.espalier.model.NodeChain;
import org.espalier.model.Op;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.text.CanonicalText;

/**
 * MobileNetV2 (Sandler et al. 2018) with torchvision's names: inverted residuals, each a 1x1 expansion, a depthwise 3x3 convolution and a linear
 * 1x1 projection, with ReLU6. torchvision's dropout before the classifier is left out; it has no weights.
 */
public record MobileNetV2(int channels, int classes) implements Architecture {
    private static final int STEM = 32;
    private static final int LAST = 1280;

    /**
     * So many blocks, the first of which has the stride.
     *
     * @param expansion of the input's channels inside a block
     */
    private record Stage(int expansion, int width, int blocks, int stride) {
    }

    private static final List<Stage> STAGES = List.of(new Stage(1, 16, 1, 1), new Stage(6, 24, 2, 2), new Stage(6, 32, 3, 2), new Stage(6, 64, 4, 2),
            new Stage(6, 96, 3, 1), new Stage(6, 160, 3, 2), new Stage(6, 320, 1, 1));

    @Override
    public List<GraphNode> nodes() {
        NodeChain chain = new NodeChain();
        add(chain, "features.0", Op.Conv2d.of(channels, STEM, 3, 2));
        int in = STEM;
        int number = 1;
        for (int stage = 0; stage < STAGES.size(); stage++) {
            Stage of = STAGES.get(stage);
            for (int block = 0; block < of.blocks; block++) {
                addBlock(chain.stage(stage), "features." + number++, in, of, block == 0 ? of.stride : 1);
                in = of.width;
            }
        }
        add(chain, "features." + number, Op.Conv2d.of(in, LAST, 1, 1));
        return chain.then("pool", new Op.GlobalAvgPool()).then("classifier.1", new Op.Linear(LAST, classes)).nodes();
    }

    private static void addBlock(NodeChain chain, String name, int in, Stage stage, int stride) {
        String input = chain.last();
        int inner = in * stage.expansion;
        int part = 0;
        if (stage.expansion > 1) {
            add(chain, name + ".conv." + part++, Op.Conv2d.of(in, inner, 1, 1));
        }
        add(chain, name + ".conv." + part++, Op.Conv2d.depthwise(inner, 3, stride));
        chain.then(name + ".conv." + part++, Op.Conv2d.of(inner, stage.width, 1, 1)).then(name + ".conv." + part, new Op.BatchNorm(stage.width));
        if (stride == 1 && in == stage.width) {
            chain.join(name + ".add", new Op.Add(), chain.last(), input);
        }
    }

    private static void add(NodeChain chain, String name, Op.Conv2d conv) {
        chain.then(name + ".0", conv).then(name + ".1", new Op.BatchNorm(conv.out())).then(name + ".2", new Op.Relu6());
    }

    /** The expansions, each with its depthwise convolution. */
    @Override
    public List<ChannelGroup> prunable() {
        return Architecture.super.prunable().stream().filter(group -> group.name().endsWith(".conv.0.0")).toList();
    }

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
        return new CanonicalText("mobilenet-v2").add("channels", channels, 3).add("classes", classes, 1000).toString();
    }

    static MobileNetV2 parse(CanonicalText fields) {
        return new MobileNetV2(fields.number("channels", 3), fields.number("classes", 1000));
    }

    @Override
    public String toString() {
        return text();
    }
}
