package org.espalier.compute;

import java.util.List;
import java.util.stream.IntStream;

/** Images of a share, one after the other, that take a few passes together while they are in the second-level cache. */
record Piece(int from, int images) {
    /** Half a mebibyte: what goes into a convolution, what comes out, and what a norm needs besides fit into today's two. Measured; half or twice as much is slower. */
    private static final int NUMBERS = 1 << 17;

    /** As evenly as it goes, the larger ones first. */
    static List<Piece> of(int images, int numbersPerImage) {
        int most = Math.max(1, NUMBERS / numbersPerImage);
        int pieces = (images + most - 1) / most;
        int size = images / pieces;
        int larger = images % pieces;
        return IntStream.range(0, pieces).mapToObj(i -> new Piece(i * size + Math.min(i, larger), i < larger ? size + 1 : size)).toList();
    }
}
