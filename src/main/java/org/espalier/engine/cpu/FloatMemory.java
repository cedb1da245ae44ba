package org.espalier.engine.cpu;

import ai.djl.ndarray.NDArray;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/** Float numbers outside of the JVM's heap, as a buffer for {@link BatchNormKernels} and as an address for oneDNN; valid as long as their owner keeps them. */
record FloatMemory(FloatBuffer values, long address) {

    static FloatMemory of(FloatBuffer values) {
        return new FloatMemory(values, new FloatPointer(values).address());
    }

    /** The memory of a contiguous array on a CPU. */
    static FloatMemory of(NDArray array) {
        return of(array.toByteBuffer(true).asFloatBuffer());
    }

    int size() {
        return values.capacity();
    }

    FloatMemory part(int from, int size) {
        return new FloatMemory(values.slice(from, size), address + (long) from * Float.BYTES);
    }
}
