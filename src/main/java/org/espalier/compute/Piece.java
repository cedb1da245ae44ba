package org.espalier.compute;

import java.util.List;
import java.util.stream.IntStream;

/** Images of a share, one after the other, that take a few passes together while they are in the second-level cache. */
record Piece(int from, int images) {
    /**
     * Half a mebibyte: what goes into a convolution, what comes out, and what a norm needs besides fit into two. Measured; half or twice as much
     * is slower.
     */
    static final int NUMBERS = 1 << 17;
    /** Where convolutions are {@link Winograd}'s, in whose domain there are four numbers for each. Measured, with a cache of half a mebibyte. */
    static final int WINOGRAD_NUMBERS = 1 << 16;

    /**
     * As evenly as it goes, the larger ones first.
     *
     * @param most numbers in a piece, unless an image has more
     */
    static List<Piece> of(int images, int numbersPerImage, int most) {
        int largest = Math.max(1, most / numbersPerImage);
        int pieces = (images + largest - 1) / largest;
        int size = images / pieces;
        int larger = images % pieces;
        return IntStream.range(0, pieces).mapToObj(i -> new Piece(i * size + Math.min(i, larger), i < larger ? size + 1 : size)).toList();
    }
}
