package org.espalier.engine.cpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Native memory for intermediate values, reused from call to call; it grows to the largest size that was asked for. */
final class GrowingBuffer {
    /** Of the cache: numbers that begin with one are moved faster. */
    private static final int LINE = 64;

    private FloatMemory memory = allocated(0);

    /** Whether so many numbers can be addressed. */
    static boolean holds(double numbers) {
        return numbers * Float.BYTES + 2 * LINE <= Integer.MAX_VALUE;
    }

    /** Returns so many numbers with undefined content, valid until the next call. */
    FloatMemory of(int size) {
        if (memory.size() < size) {
            memory = allocated(size);
        }
        return memory.part(0, size);
    }

    /** Whole lines: an aligned slice begins and ends with one, and would lose what is left of the last. */
    private static FloatMemory allocated(int size) {
        int lines = size / (LINE / Float.BYTES) + 2;
        return FloatMemory.of(ByteBuffer.allocateDirect(Math.multiplyExact(lines, LINE)).alignedSlice(LINE)
                .order(ByteOrder.nativeOrder()).asFloatBuffer());
    }
}
