package org.espalier.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrowingBufferTest {
    /** All are held, so that the system gives out memory that begins anywhere in a line. */
    @Test
    void thereAreAsManyNumbersAsAskedForAndTheyBeginWithALine() {
        List<GrowingBuffer> held = new ArrayList<>();
        for (int size = 1; size <= 200; size++) {
            for (int time = 0; time < 8; time++) {
                GrowingBuffer buffer = new GrowingBuffer();
                held.add(buffer);
                assertEquals(size, buffer.of(size).size());
                assertEquals(0, buffer.of(size).address() % 64);
            }
        }
        for (int size : new int[] {120_736, 125_048, 131_071}) {
            GrowingBuffer buffer = new GrowingBuffer();
            held.add(buffer);
            assertEquals(size, buffer.of(size).size());
        }
    }
}
