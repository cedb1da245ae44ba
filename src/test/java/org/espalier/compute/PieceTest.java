package org.espalier.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PieceTest {
    @Property
    void everyImageIsInOnePieceAndPiecesAreAlike(@ForAll @IntRange(min = 1, max = 1000) int images,
            @ForAll @IntRange(min = 1, max = 1 << 20) int numbersPerImage, @ForAll @IntRange(min = 1, max = 1 << 20) int most) {
        int next = 0;
        int largest = Piece.of(images, numbersPerImage, most).get(0).images();
        for (Piece piece : Piece.of(images, numbersPerImage, most)) {
            assertEquals(next, piece.from());
            assertTrue(piece.images() >= 1 && piece.images() <= largest && piece.images() >= largest - 1, piece.toString());
            next += piece.images();
        }
        assertEquals(images, next);
        assertTrue(largest == 1 || (long) largest * numbersPerImage <= most);
    }
}
