package org.espalier.benchmark;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can be measured by itself. */
enum Part {
    /** One training step of the dense ResNet-56 and of its pruned versions. */
    RESNET_56,
    /** The same of ResNet-110 and R110-D. */
    RESNET_110,
    RESNET_20,
    /** And VGG-A, VGG-C. */
    VGG_16,
    /** With 224 x 224 pixels, and R18-D. */
    RESNET_18,
    /** With 224 x 224 pixels, and the widths of Taylor-72 %. */
    RESNET_50,
    MOBILENET_V2,
    /** The test images: forward alone, in evaluation mode. */
    EVALUATION,
    /** Whole epochs with augmentation, against a loader with worker processes. */
    EPOCH,
    /** Every way, layout and padding that a network can be executed with. */
    RULE,
    /** Resident memory over 10,000 steps. */
    MEMORY;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Part named(String name) {
        return Arrays.stream(values()).filter(part -> part.toString().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("nothing is called '" + name + "'; there are " + names()));
    }

    static String names() {
        return Arrays.stream(values()).map(Part::toString).collect(Collectors.joining(", "));
    }
}
