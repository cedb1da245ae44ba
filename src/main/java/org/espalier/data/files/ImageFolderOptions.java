package org.espalier.data.files;

import java.util.Optional;

/**
 * How a folder of images is read where the strict way refuses it: {@code strict().allowEmptyClasses().scaledTo(32)}.
 *
 * @param size         that every image is scaled to, proportions not kept; without it all images have to be of one size
 * @param emptyClasses whether a class may lack images in a part, or its folder there; a class that {@code train} doesn't name stays refused
 * @param links        whether symbolic links to folders and files are followed
 */
public record ImageFolderOptions(Optional<ImageDecoder.Size> size, boolean emptyClasses, boolean links) {
    private static final ImageFolderOptions STRICT = new ImageFolderOptions(Optional.empty(), false, false);

    /** Every class has images in every part, all of one size, and there are no links. */
    public static ImageFolderOptions strict() {
        return STRICT;
    }

    /** Classes may be empty or missing in a part. */
    public ImageFolderOptions allowEmptyClasses() {
        return new ImageFolderOptions(size, true, links);
    }

    /** Symbolic links lead to what is read. */
    public ImageFolderOptions followLinks() {
        return new ImageFolderOptions(size, emptyClasses, true);
    }

    /** Every image becomes a square of this many pixels a side. */
    public ImageFolderOptions scaledTo(int side) {
        return scaledTo(side, side);
    }

    /** @throws IllegalArgumentException for sides outside of 1 to 65,536 pixels */
    public ImageFolderOptions scaledTo(int height, int width) {
        return new ImageFolderOptions(Optional.of(new ImageDecoder.Size(height, width)), emptyClasses, links);
    }
}
