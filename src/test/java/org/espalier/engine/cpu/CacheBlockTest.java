package org.espalier.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class CacheBlockTest {
    @Property
    void everyImageIsInOneBlockAndBlocksAreAlike(@ForAll @IntRange(min = 1, max = 1000) int images,
            @ForAll @IntRange(min = 1, max = 1 << 20) int numbersPerImage, @ForAll @IntRange(min = 1, max = 1 << 20) int most) {
        int next = 0;
        int largest = CacheBlock.of(images, numbersPerImage, most).get(0).images();
        for (CacheBlock block : CacheBlock.of(images, numbersPerImage, most)) {
            assertEquals(next, block.from());
            assertTrue(block.images() >= 1 && block.images() <= largest && block.images() >= largest - 1, block.toString());
            next += block.images();
        }
        assertEquals(images, next);
        assertTrue(largest == 1 || (long) largest * numbersPerImage <= most);
    }
}
