package org.espalier.model.files;

import java.nio.ByteBuffer;

/** How the numbers of a stored tensor are encoded, by the names that PyTorch's storages and safetensors have for it. */
enum ElementType {
    FLOAT("FloatStorage", "F32", 4, (bytes, index) -> bytes.getFloat(4 * index)),
    /** Rounded to the nearest float. */
    DOUBLE("DoubleStorage", "F64", 8, (bytes, index) -> (float) bytes.getDouble(8 * index)),
    HALF("HalfStorage", "F16", 2, (bytes, index) -> half(bytes.getShort(2 * index))),
    BFLOAT16("BFloat16Storage", "BF16", 2, (bytes, index) -> Float.intBitsToFloat(bytes.getShort(2 * index) << 16)),
    LONG("LongStorage", "I64", 8),
    INT("IntStorage", "I32", 4),
    SHORT("ShortStorage", "I16", 2),
    CHAR("CharStorage", "I8", 1),
    BYTE("ByteStorage", "U8", 1),
    BOOL("BoolStorage", "BOOL", 1),
    COMPLEX_FLOAT("ComplexFloatStorage", "C64", 8),
    COMPLEX_DOUBLE("ComplexDoubleStorage", "C128", 16),
    QUANTISED_CHAR("QInt8Storage", "", 1),
    QUANTISED_BYTE("QUInt8Storage", "", 1),
    QUANTISED_INT("QInt32Storage", "", 4),
    BYTES("UntypedStorage", "", 1);

    /** In PyTorch's module {@code torch}. */
    final String storageName;
    final String safetensorsName;
    final int width;
    private final Reading reading;

    /** Reads the {@code index}-th number. */
    private interface Reading {
        float at(ByteBuffer bytes, int index);
    }

    ElementType(String storageName, String safetensorsName, int width) {
        this(storageName, safetensorsName, width, null);
    }

    ElementType(String storageName, String safetensorsName, int width, Reading reading) {
        this.storageName = storageName;
        this.safetensorsName = safetensorsName;
        this.width = width;
        this.reading = reading;
    }

    /**
     * The {@code index}-th number.
     *
     * @throws IllegalArgumentException for types that aren't real floating-point numbers: no weights are stored so
     */
    float read(ByteBuffer bytes, int index) {
        if (reading == null) {
            throw new IllegalArgumentException("holds " + (compareTo(COMPLEX_FLOAT) < 0 ? "whole numbers" : "other numbers") + " (" + storageName
                    + "), but weights are floating-point numbers");
        }
        return reading.at(bytes, index);
    }

    /** IEEE 754 binary16, subnormal numbers included. */
    private static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float magnitude = switch (exponent) {
            case 0 -> fraction * 0x1p-24f;
            case 31 -> Float.intBitsToFloat(0x7f800000 | fraction << 13);
            default -> Float.intBitsToFloat(exponent + 127 - 15 << 23 | fraction << 13);
        };
        return bits < 0 ? -magnitude : magnitude;
    }
}
