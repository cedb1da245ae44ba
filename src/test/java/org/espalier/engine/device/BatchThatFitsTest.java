package org.espalier.engine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchThatFitsTest {
    private static final EngineException SHORTAGE = new EngineException("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes");

    @Test
    void theLargestHalfOfAHalfThatGoesThroughIsNamed() {
        List<Long> tried = new ArrayList<>();
        RuntimeException said = BatchThatFits.explained(SHORTAGE, Device.cpu(), 128, size -> {
            tried.add(size);
            if (size > 32) {
                throw new OutOfMemoryError("Cannot reserve 9 bytes of direct buffer memory");
            }
        });
        assertEquals(List.of(64L, 32L), tried);
        assertTrue(said.getMessage().contains("on 128 images, but for one on 32") && said.getCause() == SHORTAGE, said.getMessage());
    }

    @Test
    void whereNotOneImageFitsAndWhereItIsNoShortageTheFailureStays() {
        assertSame(SHORTAGE, BatchThatFits.explained(SHORTAGE, Device.cpu(), 4, size -> {
            throw SHORTAGE;
        }));
        IllegalStateException other = new IllegalStateException("this network was closed");
        assertSame(other, BatchThatFits.explained(other, Device.cpu(), 4, size -> {
            throw new AssertionError("tried");
        }));
    }
}
