package org.espalier.model.files;

import java.nio.ByteBuffer;

/** How the numbers of a stored tensor are encoded, by the names that PyTorch's storages and safetensors have for it. */
enum ElementType {
    FLOAT("FloatStorage", "F32", 4) {
        @Override
        float read(ByteBuffer bytes, int index) {
            return bytes.getFloat(index * 4);
        }
    },
    /** Rounded to the nearest float. */
    DOUBLE("DoubleStorage", "F64", 8) {
        @Override
        float read(ByteBuffer bytes, int index) {
            return (float) bytes.getDouble(index * 8);
        }
    },
    HALF("HalfStorage", "F16", 2) {
        @Override
        float read(ByteBuffer bytes, int index) {
            return half(bytes.getShort(index * 2));
        }
    },
    BFLOAT16("BFloat16Storage", "BF16", 2) {
        @Override
        float read(ByteBuffer bytes, int index) {
            return Float.intBitsToFloat(bytes.getShort(index * 2) << 16);
        }
    },
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

    ElementType(String storageName, String safetensorsName, int width) {
        this.storageName = storageName;
        this.safetensorsName = safetensorsName;
        this.width = width;
    }

    /**
     * The {@code index}-th number.
     *
     * @throws IllegalArgumentException for types that aren't real floating-point numbers: no weights are stored so
     */
    float read(ByteBuffer bytes, int index) {
        throw new IllegalArgumentException("holds " + (compareTo(COMPLEX_FLOAT) < 0 ? "whole numbers" : "other numbers") + " (" + storageName
                + "), but weights are floating-point numbers");
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
