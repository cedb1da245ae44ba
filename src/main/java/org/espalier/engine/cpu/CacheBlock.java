package org.espalier.engine.cpu;

import java.util.List;
import java.util.stream.IntStream;

/** Consecutive images of a shard that go through a convolution, its norm and its ReLU together while they are in the second-level cache. */
record CacheBlock(int from, int images) {
    /**
     * Half a mebibyte: what goes into a convolution, what comes out, and what a norm needs besides fit into two. Measured; half or twice as much
     * is slower.
     */
    static final int NUMBERS = 1 << 17;
    /** Where convolutions are {@link Winograd}'s, in whose domain there are four numbers for each. Measured, with a cache of half a mebibyte. */
    static final int WINOGRAD_NUMBERS = 1 << 16;

    /**
     * Divides images into blocks as evenly as it goes, the larger ones first.
     *
     * @param most numbers in a block, unless one image has more
     */
    static List<CacheBlock> of(int images, int numbersPerImage, int most) {
        int largest = Math.max(1, most / numbersPerImage);
        int blocks = (images + largest - 1) / largest;
        int size = images / blocks;
        int larger = images % blocks;
        return IntStream.range(0, blocks).mapToObj(i -> new CacheBlock(i * size + Math.min(i, larger), i < larger ? size + 1 : size)).toList();
    }
}
