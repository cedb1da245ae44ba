package org.espalier.data;

import org.apache.commons.math3.random.RandomGenerator;

/**
 * How a training image is moved before a network sees it. Every image of a batch draws for itself: row offset, column offset, flip, or, where
 * images are decoded in a stream, which part of it is scaled to the network's size, and flip.
 */
public enum Augmentation {
    /** The image as it is, or in a stream its middle; nothing is drawn. */
    NONE,
    /**
     * Four black pixels around the image, a random crop of the old size out of that, and a horizontal flip for one in two. In a stream: a part
     * of 8 to 100 % of the area and 3:4 to 4:3 wide, and the flip.
     */
    CROP_AND_FLIP;

    static final int PADDING = 4;

    /** Where the crop begins in the padded image, along one side. */
    int offset(RandomGenerator random) {
        return this == NONE ? PADDING : random.nextInt(2 * PADDING + 1);
    }

    boolean mirrored(RandomGenerator random) {
        return this != NONE && random.nextBoolean();
    }
}
