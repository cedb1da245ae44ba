package org.espalier.model;

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
    public List<Unit> units() {
        List<Unit> units = new ArrayList<>();
        for (int i = 0; i < widths.size(); i++) {
            Pool before = i > 0 && STAGE[i] != STAGE[i - 1] ? Pool.MAX : Pool.NONE;
            int in = i == 0 ? channels : widths.get(i - 1);
            units.add(Unit.of(before, new Layer.Conv("conv" + (i + 1), in, widths.get(i), 3, 1, 1 << STAGE[i], true), "bn" + (i + 1), widths.get(i)));
        }
        // On 32 x 32 images 2 x 2 pixels are left here.
        units.add(Unit.of(Pool.MEAN, new Layer.Linear("hidden", widths.get(12), HIDDEN), "hidden_bn", HIDDEN));
        return units;
    }

    @Override
    public Head head() {
        return new Head(Pool.NONE, new Layer.Linear("linear", HIDDEN, classes));
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
