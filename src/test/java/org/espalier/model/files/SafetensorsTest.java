package org.espalier.model.files;

import static org.espalier.model.files.Assembled.file;
import static org.espalier.model.files.Assembled.floats;
import static org.espalier.model.files.Assembled.safetensors;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.espalier.model.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void tensorsInAnyOrderAreRead() throws IOException {
        byte[] bytes = safetensors("""
                {"b": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]}, "none": {"dtype": "F32", "shape": [0, 7], "data_offsets": [4, 4]},
                 "__metadata__": {"format": "pt"}, "a": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]},
                 "bn1.num_batches_tracked": {"dtype": "I64", "shape": [], "data_offsets": [12, 20]}}\040\040""", floats(1, 2, 3, 4, 5));
        Checkpoint read = Checkpoint.read(file(folder, bytes));
        assertEquals(Map.of("a", Tensor.of(new float[] {1}), "b", Tensor.of(new float[] {2, 3}, 2), "none", Tensor.of(new float[0], 0, 7)),
                read.weights().tensors());
        assertEquals(Map.of("format", "pt"), read.metadata());
    }

    @Test
    void numbersComeBackBitForBit() throws IOException {
        float[] special = {0f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 1f / 3};
        var written = Map.of("\u00fc\"\\\n<b>", Tensor.of(special, 2, 2, 2));
        byte[] bytes = Safetensors.write(written, Map.of("k", "v\"\u4e2d"));
        Checkpoint read = Checkpoint.read(file(folder, bytes));
        assertEquals(written, read.weights().tensors());
        assertEquals(Map.of("k", "v\"\u4e2d"), read.metadata());
        assertEquals(0, (bytes.length - 4 * special.length) % 8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            F32 | [2]      | [0, 4]    | doesn't fit
            F32 | [2]      | [8, 0]    | doesn't fit
            F32 | [2]      | [-8, 0]   | doesn't fit
            F32 | [-2]     | [0, 8]    | doesn't fit
            F32 | [2]      | [4, 12]   | begin at byte 4, but what is before ends at 0
            F32 | [4]      | [0, 16]   | describes 16 bytes of numbers, but there are 8
            F32 | [1]      | [0, 4]    | describes 4 bytes of numbers, but there are 8
            F32 | [4294967296, 4294967296] | [0, 8] | doesn't fit
            F32 | [1,1,1,1,1,1,1,1,2]      | [0, 8] | 9 axes
            F8_E4M3 | [8]  | [0, 8]    | has the type 'F8_E4M3'; F32, F64, F16 and BF16 can be read
            I64 | [1]      | [0, 8]    | holds whole numbers
            F32 | [2]      | [0, 8, 8] | lacks a dtype, a shape or two data_offsets
            F32 | [1.5]    | [0, 8]    | no JSON that describes tensors
            F32 | {}       | [0, 8]    | no JSON that describes tensors
            F32 | [9e99]   | [0, 8]    | no JSON that describes tensors
            """)
    void aHeaderThatLiesIsRefused(String type, String shape, String offsets, String reason) throws IOException {
        String header = "{\"a\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
        assertRefused(safetensors(header, new byte[8]), reason);
    }

    @Test
    void anEmptyTensorOfAnUnspeakableShapeIsRefusedByName() throws IOException {
        assertRefused(safetensors("""
                {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, "b": {"dtype": "F32", "shape": [0, 4294967296], "data_offsets": [0, 0]}}""",
                new byte[8]), "its tensor 'b'");
    }

    @Test
    void tensorsThatOverlapAreRefused() throws IOException {
        assertRefused(safetensors("""
                {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, "b": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}""",
                new byte[8]), "lets 'b' begin at byte 4, but what is before ends at 8");
    }

    @Test
    void aNameThatIsThereTwiceIsRefused() throws IOException {
        String a = "\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}";
        assertRefused(safetensors("{" + a + "," + a + "}", new byte[4]), "'a' or an entry of it is there twice");
        assertRefused(safetensors("{\"__metadata__\": {\"k\": \"1\", \"k\": \"2\"}}", new byte[0]), "there twice");
    }

    @Test
    void brokenHeadersAreRefused() throws IOException {
        for (String header : Set.of("{", "{}x", "{\"a\":", "{\"a\":1}", "{'a':{}}", "{\"a\":{\"dtype\":\"F32\",\"other\":1}}",
                "{\"a\":" + "[".repeat(100_000), "{\"__metadata__\":{\"k\":{}}}", "{\"\\ud800")) {
            assertRefused(safetensors(header, new byte[0]), "its header is no JSON that describes tensors");
        }
        byte[] bytes = safetensors("{\"\u00fc\":1}", new byte[0]);
        bytes[10] = (byte) 0xff;
        assertRefused(bytes, "its header is no JSON");
    }

    @Test
    void aHeaderLongerThanItsFileIsRefused() throws IOException {
        for (long length : new long[] {3, Integer.MAX_VALUE, Long.MAX_VALUE, -1}) {
            byte[] bytes = safetensors("{}", new byte[0]);
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
            assertRefused(bytes, "its header claims " + Long.toUnsignedString(length) + " bytes");
        }
    }

    private void assertRefused(byte[] bytes, String reason) throws IOException {
        Path file = file(folder, bytes);
        var error = assertThrows(IllegalArgumentException.class, () -> Checkpoint.read(file));
        assertTrue(error.getMessage().contains(file.toString()) && error.getMessage().contains(reason), error.getMessage());
    }
}
