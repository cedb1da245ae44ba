package org.espalier.model;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import java.util.ArrayList;
import java.util.List;
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
    public List<Layer> layers() {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < widths.size(); i++) {
            layers.add(new Layer.Conv("conv" + (i + 1), i == 0 ? channels : widths.get(i - 1), widths.get(i), 3, 1, 1 << STAGE[i], true));
            layers.add(new Layer.Norm("bn" + (i + 1), widths.get(i)));
        }
        layers.add(new Layer.Linear("hidden", widths.get(12), HIDDEN));
        layers.add(new Layer.Norm("hidden_bn", HIDDEN));
        layers.add(new Layer.Linear("linear", HIDDEN, classes));
        return layers;
    }

    @Override
    public List<Prunable> prunable() {
        List<Prunable> prunable = new ArrayList<>();
        for (int i = 0; i < widths.size(); i++) {
            prunable.add(new Prunable(i + 1, STAGE[i], "conv" + (i + 1), "bn" + (i + 1), i == 12 ? "hidden" : "conv" + (i + 2),
                    widths.get(i), DENSE.get(i)));
        }
        return prunable;
    }

    @Override
    public Vgg withWidths(List<Integer> other) {
        return new Vgg(other, channels, classes);
    }

    @Override
    public Block block() {
        SequentialBlock network = new Chain();
        for (int i = 0; i < widths.size(); i++) {
            if (i > 0 && STAGE[i] != STAGE[i - 1]) {
                network.add(list -> new NDList(Pool.maxPool2d(list.singletonOrThrow(), new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), false)));
            }
            network.add(Blocks.conv(widths.get(i), 3, 1)).add(Blocks.norm()).add(Activation::relu);
        }
        // On 32 x 32 images 2 x 2 pixels are left here.
        return network.add(list -> new NDList(Pool.globalAvgPool2d(list.singletonOrThrow())))
                .add(Linear.builder().setUnits(HIDDEN).build()).add(Blocks.norm()).add(Activation::relu)
                .add(Linear.builder().setUnits(classes).build());
    }

    @Override
    public String text() {
        var fields = new CanonicalText("vgg-16");
        fields.add("widths", widths, DENSE);
        fields.add("channels", channels, 3);
        fields.add("classes", classes, 10);
        return fields.toString();
    }

    static Vgg parse(String text) {
        var fields = CanonicalText.parse(text);
        if (fields.number("vgg-") != 16) {
            throw new IllegalArgumentException("'" + text + "': of the VGG networks only vgg-16 is known");
        }
        Vgg parsed = new Vgg(fields.numbers("widths", DENSE), fields.number("channels", 3), fields.number("classes", 10));
        fields.requireNoneLeft();
        return parsed;
    }

    @Override
    public String toString() {
        return text();
    }
}
