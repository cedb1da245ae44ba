package org.espalier.compute;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory for what is needed for a moment. */
final class Scratch {
    /** Of the cache: numbers that begin with one are moved faster. */
    private static final int LINE = 64;

    private Memory memory = allocated(0);

    /** Whether so many numbers can be addressed. */
    static boolean holds(double numbers) {
        return numbers * Float.BYTES + 2 * LINE <= Integer.MAX_VALUE;
    }

    /** So many numbers, whatever they are, until this is asked again. */
    Memory of(int size) {
        if (memory.size() < size) {
            memory = allocated(size);
        }
        return memory.part(0, size);
    }

    /** Whole lines: an aligned slice begins and ends with one, and would lose what is left of the last. */
    private static Memory allocated(int size) {
        int lines = size / (LINE / Float.BYTES) + 2;
        return Memory.of(ByteBuffer.allocateDirect(Math.multiplyExact(lines, LINE)).alignedSlice(LINE)
                .order(ByteOrder.nativeOrder()).asFloatBuffer());
    }
}
