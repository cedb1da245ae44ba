package org.espalier.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeviceImagesTest {
    private static final Normalisation COLOUR = Normalisation.CIFAR10;
    private static final Normalisation GREY = Normalisation.FASHION_MNIST;
    private static NDManager manager;

    @BeforeAll
    static void open() {
        manager = NDManager.newBaseManager("PyTorch");
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    @ParameterizedTest
    @EnumSource(MemoryFormat.class)
    void aCroppedAndFlippedBatchEqualsPadCropFlipAndNormaliseInPlainJava(MemoryFormat layout) {
        for (Normalisation normalisation : List.of(COLOUR, GREY)) {
            Images images = noise(20, 9, 7, normalisation.channels());
            int[] rows = {3, 19, 0, 3, 3, 7, 11, 2, 2, 2};
            try (DeviceImages resident = DeviceImages.on(manager, images, normalisation, layout); NDManager step = manager.newSubManager()) {
                for (int seed = 0; seed < 20; seed++) {
                    NDArray batch = resident.images(step, rows, Augmentation.CROP_AND_FLIP, new Well19937c(seed));
                    assertEquals(new Shape(rows.length, images.channels(), 9, 7), batch.getShape());
                    assertEquals(DataType.FLOAT32, batch.getDataType());
                    assertArrayEquals(expected(images, rows, normalisation, new Well19937c(seed)), batch.toFloatArray());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(MemoryFormat.class)
    void withoutAugmentationTheImagesAreNormalisedAsTheyAreAndNothingIsDrawn(MemoryFormat layout) {
        Images images = noise(6, 5, 4, 3);
        int[] rows = {5, 0, 1};
        RandomGenerator random = new Well19937c(1);
        try (DeviceImages resident = DeviceImages.on(manager, images, COLOUR, layout); NDManager step = manager.newSubManager()) {
            float[] plain = resident.images(step, rows, Augmentation.NONE, random).toFloatArray();
            assertArrayEquals(expected(images, rows, COLOUR, null), plain);
            assertArrayEquals(plain, resident.images(step, rows).toFloatArray());
        }
        assertEquals(new Well19937c(1).nextLong(), random.nextLong());
    }

    /** From PyTorch: {@code (torch.tensor(v, dtype=torch.uint8).float().div(255) - mean) / std} for the three channels of CIFAR-10. */
    @Test
    void theValuesAreThoseOfTorchvisionBitForBit() {
        Images images = Images.of(ByteBuffer.wrap(new byte[] {0, 1, 2, (byte) 127, (byte) 128, (byte) 200, (byte) 255, (byte) 255, (byte) 254}),
                new int[] {0}, 1, 3, 3, List.of("only"));
        try (DeviceImages resident = DeviceImages.on(manager, images, COLOUR); NDManager step = manager.newSubManager()) {
            assertArrayEquals(new float[] {-2.4290657f, 0.032818649f, 2.51408792f, -2.39858794f,
                0.0991013944f, 2.59679031f, -2.18237233f, 1.68066525f, 2.73422098f}, resident.images(step, new int[] {0}).toFloatArray());
        }
    }

    @Test
    void everyOffsetAndBothFlipsComeUpAndDifferInsideABatch() {
        Images images = noise(1, 9, 9, 1);
        Set<String> seen = new HashSet<>();
        try (DeviceImages resident = DeviceImages.on(manager, images, GREY); NDManager step = manager.newSubManager()) {
            NDArray batch = resident.images(step, new int[4000], Augmentation.CROP_AND_FLIP, new Well19937c(5));
            float[] values = batch.toFloatArray();
            for (int i = 0; i < 4000; i++) {
                seen.add(Arrays.toString(Arrays.copyOfRange(values, i * 81, (i + 1) * 81)));
            }
        }
        assertEquals(9 * 9 * 2, seen.size());
    }

    /** Folding all axes into one shares the memory only where they lie in that order already, and then a change shows through. */
    @Test
    void theLayoutIsTheOneAskedFor() {
        for (int channels : new int[] {1, 3}) {
            Images images = noise(4, 5, 6, channels);
            Normalisation normalisation = channels == 1 ? GREY : COLOUR;
            for (MemoryFormat layout : MemoryFormat.values()) {
                try (DeviceImages resident = DeviceImages.on(manager, images, normalisation, layout); NDManager step = manager.newSubManager()) {
                    NDArray batch = resident.images(step, new int[] {1, 2});
                    float[] before = batch.toFloatArray();
                    (layout == MemoryFormat.CONTIGUOUS ? batch : batch.transpose(0, 2, 3, 1)).reshape(-1).muli(0);
                    assertTrue(before[0] != 0);
                    for (float value : batch.toFloatArray()) {
                        assertTrue(value == 0, layout + " with " + channels + " channels");
                    }
                }
            }
        }
    }

    @Test
    void aSelectionOnTheDeviceHoldsItsOwnImagesAndLabels() {
        Images images = noise(12, 3, 3, 3);
        Images selected = images.select(new int[] {7, 2, 11});
        try (DeviceImages all = DeviceImages.on(manager, images, COLOUR); DeviceImages some = DeviceImages.on(manager, selected, COLOUR);
                NDManager step = manager.newSubManager()) {
            assertEquals(3, some.size());
            assertArrayEquals(all.images(step, new int[] {7, 2, 11}).toFloatArray(), some.images(step, new int[] {0, 1, 2}).toFloatArray());
            assertArrayEquals(new long[] {images.label(11), images.label(7)}, some.labels(step, new int[] {2, 0}).toLongArray());
        }
    }

    @Test
    void aBatchBelongsToItsStepAndLeavesNothingElseBehind() {
        try (NDManager parent = manager.newSubManager()) {
            try (DeviceImages resident = DeviceImages.on(parent, noise(4, 3, 3, 3), COLOUR); NDManager step = parent.newSubManager()) {
                int before = step.getManagedArrays().size();
                NDArray batch = resident.images(step, new int[] {0, 1}, Augmentation.CROP_AND_FLIP, new Well19937c(1));
                assertEquals(step, batch.getManager());
                assertEquals(before + 1, step.getManagedArrays().size());
            }
            assertEquals(0, parent.getManagedArrays().size());
        }
    }

    @Test
    void aRowThatIsNotThereIsRefusedByItsNumber() {
        try (DeviceImages resident = DeviceImages.on(manager, noise(4, 3, 3, 3), COLOUR); NDManager step = manager.newSubManager()) {
            for (int row : new int[] {-1, 4}) {
                var error = assertThrows(IllegalArgumentException.class, () -> resident.images(step, new int[] {0, row}));
                assertTrue(error.getMessage().contains("no image " + row + " among 4"), error.getMessage());
                assertThrows(IllegalArgumentException.class, () -> resident.labels(step, new int[] {row}));
            }
            assertThrows(IllegalArgumentException.class, () -> resident.images(step, new int[0]));
        }
    }

    @Test
    void aNormalisationOfOtherChannelsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> DeviceImages.on(manager, noise(4, 3, 3, 3), GREY));
    }

    /** What a data loader does on the host: pad with black, crop, flip, divide, subtract, divide; channels first. */
    private static float[] expected(Images images, int[] rows, Normalisation normalisation, RandomGenerator random) {
        int height = images.height();
        int width = images.width();
        int channels = images.channels();
        float[] batch = new float[rows.length * channels * height * width];
        int next = 0;
        for (int row : rows) {
            int top = random == null ? 0 : random.nextInt(9) - 4;
            int left = random == null ? 0 : random.nextInt(9) - 4;
            boolean flip = random != null && random.nextBoolean();
            byte[] image = images.image(row);
            for (int c = 0; c < channels; c++) {
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < width; x++) {
                        int sourceY = y + top;
                        int sourceX = (flip ? width - 1 - x : x) + left;
                        boolean inside = sourceY >= 0 && sourceY < height && sourceX >= 0 && sourceX < width;
                        float pixel = inside ? image[(sourceY * width + sourceX) * channels + c] & 0xff : 0;
                        batch[next++] = (pixel / 255f - normalisation.mean().get(c)) / normalisation.std().get(c);
                    }
                }
            }
        }
        return batch;
    }

    private static Images noise(int count, int height, int width, int channels) {
        byte[] pixels = new byte[count * height * width * channels];
        new Random(count).nextBytes(pixels);
        List<String> classes = new ArrayList<>(List.of("a", "b", "c"));
        int[] labels = new Random(1).ints(count, 0, 3).toArray();
        return Images.of(ByteBuffer.wrap(pixels), labels, height, width, channels, classes);
    }
}
