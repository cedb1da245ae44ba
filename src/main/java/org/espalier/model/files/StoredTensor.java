package org.espalier.model.files;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.espalier.model.Tensor;

/**
 * A tensor as a file describes it, before its numbers are read: a strided view of a storage. Files come from strangers, so that every view
 * is checked to lie inside its storage when it is made.
 *
 * @param offset  of the first number, counted from the storage's start in numbers, not bytes
 * @param strides how many numbers apart two neighbours along each axis lie
 * @param negated whether it stands for the stored numbers with the other sign, as PyTorch's negative views do
 */
record StoredTensor(Storage storage, long offset, long[] shape, long[] strides, boolean negated) {
    static final int MAX_RANK = 8;

    /**
     * @param key   what the file calls it
     * @param base  where this part of it begins
     * @param count how many numbers this part has
     */
    record Storage(String key, ElementType type, long base, long count) {
        Storage {
            if (base < 0 || count < 0 || base > Long.MAX_VALUE / 16 - count) {
                throw new IllegalArgumentException("a storage cannot begin at " + base + " and hold " + count + " numbers");
            }
        }

        Storage part(long start, long length) {
            if (start < 0 || length < 0 || start > count - length) {
                throw new IllegalArgumentException(length + " numbers from " + start + " on are no part of a storage that holds " + count);
            }
            return new Storage(key, type, base + start, length);
        }

        /** @param whole the bytes of all of it, from 0 on */
        ByteBuffer slice(ByteBuffer whole) {
            return whole.slice((int) (base * type.width), (int) (count * type.width)).order(whole.order());
        }
    }

    StoredTensor {
        if (shape.length != strides.length || shape.length > MAX_RANK) {
            throw new IllegalArgumentException("a tensor with " + shape.length + " axes and " + strides.length + " strides; up to "
                    + MAX_RANK + " of both are expected");
        }
        if (offset < 0 || Arrays.stream(shape).anyMatch(length -> length < 0) || Arrays.stream(strides).anyMatch(stride -> stride < 0)) {
            throw new IllegalArgumentException("a tensor with a negative number in offset " + offset + ", shape " + Arrays.toString(shape)
                    + " or strides " + Arrays.toString(strides));
        }
        if (end(offset, shape, strides) > storage.count) {
            throw new IllegalArgumentException("a tensor of shape " + Arrays.toString(shape) + " and strides " + Arrays.toString(strides)
                    + " from number " + offset + " on leaves its storage, which holds " + storage.count);
        }
    }

    /** Row-major, filling its storage from the start. */
    static StoredTensor contiguous(Storage storage, long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride = saturated(stride, shape[axis]);
        }
        return new StoredTensor(storage, 0, shape, strides, false);
    }

    /** How many numbers it has; {@link Long#MAX_VALUE} stands for more than a long can say. */
    long size() {
        return sizeOf(shape);
    }

    /** @param bytes the storage's, from its base on */
    Tensor read(ByteBuffer bytes) {
        float[] values = new float[Math.toIntExact(size())];
        long[] place = new long[shape.length];
        long position = offset;
        for (int i = 0; i < values.length; i++) {
            float stored = storage.type.read(bytes, (int) position);
            values[i] = negated ? -stored : stored;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                position += strides[axis];
                if (++place[axis] < shape[axis]) {
                    break;
                }
                position -= strides[axis] * shape[axis];
                place[axis] = 0;
            }
        }
        return Tensor.of(values, Arrays.stream(shape).mapToInt(Math::toIntExact).toArray());
    }

    static long sizeOf(long[] shape) {
        long size = 1;
        for (long length : shape) {
            size = saturated(size, length);
        }
        return Arrays.stream(shape).anyMatch(length -> length == 0) ? 0 : size;
    }

    private static long end(long offset, long[] shape, long[] strides) {
        if (sizeOf(shape) == 0) {
            return offset;
        }
        long last = offset;
        for (int axis = 0; axis < shape.length; axis++) {
            long reach = saturated(shape[axis] - 1, strides[axis]);
            last = last > Long.MAX_VALUE - 1 - reach ? Long.MAX_VALUE - 1 : last + reach;
        }
        return last + 1;
    }

    private static long saturated(long a, long b) {
        return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
    }
}
