package org.espalier.model;

/** The shape of one image's activations: [channels, height, width]. Behind a global pool or a linear layer height and width are 1. */
public record FeatureMap(int channels, int height, int width) {

    /** @throws IllegalArgumentException when nothing is left of the image, as behind too many pools */
    public FeatureMap {
        if (channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException("nothing is left of the image here: " + channels + " channels of " + height + " x " + width
                    + " pixels; give it larger images");
        }
    }

    public int pixels() {
        return height * width;
    }

    /** The same pixels with another number of channels. */
    public FeatureMap withChannels(int other) {
        return new FeatureMap(other, height, width);
    }

    @Override
    public String toString() {
        return "[" + channels + ", " + height + ", " + width + "]";
    }
}
