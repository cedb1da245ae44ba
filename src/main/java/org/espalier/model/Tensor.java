package org.espalier.model;

import java.util.Arrays;

/** Numbers with a shape, row-major, in the host's memory. A value: it is never changed, and what it hands out are copies. */
public final class Tensor {
    private final int[] shape;
    private final float[] values;

    private Tensor(int[] shape, float[] values) {
        this.shape = shape;
        this.values = values;
    }

    /** @throws IllegalArgumentException when the number of values is not the product of the shape */
    public static Tensor of(float[] values, int... shape) {
        if (sizeOf(shape) != values.length) {
            throw new IllegalArgumentException(values.length + " values do not fill the shape " + Arrays.toString(shape)
                    + ", which holds " + sizeOf(shape));
        }
        return new Tensor(shape.clone(), values.clone());
    }

    public static Tensor filled(float value, int... shape) {
        float[] values = new float[Math.toIntExact(sizeOf(shape))];
        Arrays.fill(values, value);
        return new Tensor(shape.clone(), values);
    }

    public int[] shape() {
        return shape.clone();
    }

    public float[] values() {
        return values.clone();
    }

    public int size() {
        return values.length;
    }

    public float at(int flatIndex) {
        return values[flatIndex];
    }

    /**
     * The entries at {@code kept} along {@code axis}, in that order: the rows of a weight matrix, or the input channels of a convolution.
     */
    public Tensor select(int axis, int[] kept) {
        return moved(axis, kept.length, kept, null, 0);
    }

    /**
     * The inverse of {@link #select}: entry i goes to position {@code places[i]} of an axis of {@code length}, and every other position holds
     * {@code filler}.
     */
    public Tensor scatter(int axis, int length, int[] places, float filler) {
        return moved(axis, length, null, places, filler);
    }

    private Tensor moved(int axis, int length, int[] from, int[] to, float filler) {
        int inner = 1;
        for (int i = axis + 1; i < shape.length; i++) {
            inner *= shape[i];
        }
        int outer = values.length == 0 ? 0 : values.length / (inner * shape[axis]);
        int[] newShape = shape.clone();
        newShape[axis] = length;
        float[] moved = new float[outer * length * inner];
        Arrays.fill(moved, filler);
        int count = from == null ? to.length : from.length;
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < count; i++) {
                int source = from == null ? i : from[i];
                int target = to == null ? i : to[i];
                System.arraycopy(values, (o * shape[axis] + source) * inner, moved, (o * length + target) * inner, inner);
            }
        }
        return new Tensor(newShape, moved);
    }

    private static long sizeOf(int[] shape) {
        long size = 1;
        for (int length : shape) {
            if (length < 0) {
                throw new IllegalArgumentException("a shape has no negative length: " + Arrays.toString(shape));
            }
            size = Math.multiplyExact(size, (long) length);
        }
        return size;
    }

    /** Bit for bit: 0.0 and -0.0 differ, NaN equals NaN. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor that && Arrays.equals(shape, that.shape) && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Tensor" + Arrays.toString(shape);
    }
}
