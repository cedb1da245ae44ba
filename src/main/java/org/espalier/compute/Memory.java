package org.espalier.compute;

import ai.djl.ndarray.NDArray;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/** Numbers outside of the JVM's heap, as {@link ChannelRows} reads them and as {@link Convolution} does; valid as long as whoever owns them has them. */
record Memory(FloatBuffer values, long address) {

    static Memory of(FloatBuffer values) {
        return new Memory(values, new FloatPointer(values).address());
    }

    /** Of a contiguous array on a CPU. */
    static Memory of(NDArray array) {
        return of(array.toByteBuffer(true).asFloatBuffer());
    }

    int size() {
        return values.capacity();
    }

    Memory part(int from, int size) {
        return new Memory(values.slice(from, size), address + (long) from * Float.BYTES);
    }
}
