package org.espalier.data;

import static org.espalier.data.Faults.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private static final Normalisation GREY = new Normalisation(List.of(.5f), List.of(.25f));

    @Test
    void takeKeepsTheFirstOfEachClassInTheirOrder() {
        Images images = numbered(0, 1, 1, 0, 2, 0, 2, 1, 2, 2);
        Images taken = images.take(2);
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 6}, numbers(taken));
        assertArrayEquals(new int[] {2, 2, 2}, taken.countByClass());
        assertArrayEquals(new int[] {0, 1, 4}, numbers(taken.take(1)));
    }

    @Test
    void aClassWithFewerGivesAllItHas() {
        Images images = numbered(0, 1, 1, 0, 2, 0);
        assertArrayEquals(new int[] {0, 1, 2, 3, 4}, numbers(images.take(2)));
        assertEquals(images, images.take(500));
        fails(IllegalArgumentException.class, () -> images.take(0), "of every class", "not 0");
    }

    @Test
    void aClassWithoutImagesNeedsNoneForValidation() {
        Dataset data = dataset(numbered(0, 0, 2, 2), numbered(0)).withValidation(.5, 1);
        assertArrayEquals(new int[] {1, 0, 1}, data.validation().orElseThrow().countByClass());
    }

    @Test
    void subsetsAreValuesWithNamesThatTellThem() {
        Dataset data = dataset(repeated(20), repeated(5));
        assertEquals("toy/take=10", data.take(10).name());
        assertEquals("toy/take=10,2", data.take(10, 2).name());
        assertEquals(6, data.take(10, 2).test().size());
        assertEquals("toy/take=10,2/validation=0.1@7", data.take(10, 2).withValidation(.1, 7).name());
        assertEquals("toy/normalisation=0.25:0.5", data.normalised(new Normalisation(List.of(.25f), List.of(.5f))).name());
        assertSame(data, data.normalised(GREY));
        assertEquals(60, data.train().size());
    }

    @Property(tries = 50)
    void aValidationSetIsStratifiedDisjointAndDecidedByItsSeed(@ForAll long seed, @ForAll @IntRange(min = 5, max = 95) int percent) {
        Images train = repeated(20);
        Dataset split = dataset(train, repeated(1)).withValidation(percent / 100., seed);
        Split validation = split.validation().orElseThrow();
        int held = (int) Math.round(20 * percent / 100.);
        assertArrayEquals(new int[] {held, held, held}, validation.countByClass());
        int[] both = IntStream.concat(Arrays.stream(numbers(split.train())), Arrays.stream(numbers(validation))).sorted().toArray();
        assertArrayEquals(numbers(train), both);
        int[] kept = numbers(split.train());
        assertArrayEquals(Arrays.stream(kept).sorted().toArray(), kept);
        assertEquals(split, dataset(train, repeated(1)).withValidation(percent / 100., seed));
    }

    @Test
    void anotherSeedHoldsOutOthers() {
        Dataset data = dataset(repeated(20), repeated(1));
        assertNotEquals(data.withValidation(.5, 1).validation(), data.withValidation(.5, 2).validation());
    }

    @Test
    void aFractionThatLeavesNothingIsRefused() {
        Dataset data = dataset(repeated(20), repeated(1));
        for (double fraction : new double[] {0, 1, -.1, 1.5, Double.NaN}) {
            fails(IllegalArgumentException.class, () -> data.withValidation(fraction, 1), "between 0 and 1", fraction);
        }
        fails(IllegalArgumentException.class, () -> data.withValidation(.01, 1), "takes 0 of the 20", "class 'a'");
        fails(IllegalArgumentException.class, () -> data.withValidation(.99, 1), "takes 20 of the 20");
        fails(IllegalArgumentException.class, () -> data.withValidation(.1, 1).withValidation(.1, 1), "has a validation set");
    }

    @Test
    void partsThatDontFitTogetherAreRefused() {
        Images other = Images.of(ByteBuffer.allocate(4), new int[] {0}, 2, 2, 1, List.of("a", "b", "c"));
        fails(IllegalArgumentException.class, () -> dataset(numbered(0, 1, 2), other), "don't fit together", "2 x 2 x 1");
        fails(IllegalArgumentException.class,
                () -> new Dataset("toy", numbered(0), Optional.empty(), numbered(0), Normalisation.CIFAR10), "1 channels", "has 3");
        fails(IllegalArgumentException.class, () -> new Dataset("a b", numbered(0), Optional.empty(), numbered(0), GREY), "'a b'");
    }

    @Test
    void imagesAreCheckedAgainstTheirPixelsAndClasses() {
        List<String> classes = List.of("a", "b");
        fails(IllegalArgumentException.class, () -> Images.of(ByteBuffer.allocate(7), new int[] {0, 1}, 2, 2, 1, classes), "take 8 bytes", "are 7");
        fails(IllegalArgumentException.class, () -> Images.of(ByteBuffer.allocate(8), new int[] {0, 2}, 2, 2, 1, classes),
                "image 1", "label 2", "0 to 1");
        fails(IllegalArgumentException.class, () -> Images.of(ByteBuffer.allocate(0), new int[0], 0, 2, 1, classes), "0 x 2");
        fails(IllegalArgumentException.class, () -> Images.of(ByteBuffer.allocate(4), new int[] {0}, 2, 2, 1, List.of("a", "a")), "twice");
        fails(IllegalArgumentException.class, () -> numbered(0, 1).select(new int[] {2}), "no image 2 among 2");
    }

    @Test
    void imagesDontChangeWithWhatTheyWereMadeFrom() {
        int[] labels = {0, 1};
        Images images = Images.of(ByteBuffer.allocate(2), labels, 1, 1, 1, List.of("a", "b"));
        labels[0] = 1;
        images.image(0)[0] = 9;
        assertEquals(0, images.label(0));
        assertEquals(0, images.image(0)[0]);
    }

    @Test
    void imagesAreEqualByContentAndNotByWhereTheyLie() {
        Images shuffled = numbered(0, 1, 2).select(new int[] {2, 1, 0}).select(new int[] {2, 1, 0});
        assertEquals(numbered(0, 1, 2), shuffled);
        assertEquals(numbered(0, 1, 2).hashCode(), shuffled.hashCode());
        assertNotEquals(numbered(0, 1, 2), numbered(0, 1, 1));
        assertNotEquals(numbered(0, 1, 2), numbered(0, 1, 2).select(new int[] {0, 1}));
    }

    @Test
    void aMeasuredNormalisationMakesMeanZeroAndDeviationOne() {
        Images images = Images.of(ByteBuffer.wrap(new byte[] {0, 10, (byte) 255, 10, 51, 10, 102, 10}), new int[] {0, 0}, 1, 2, 2, List.of("a"));
        Normalisation measured = Normalisation.of(images);
        assertEquals(.4f, measured.mean().get(0), 1e-6f);
        assertEquals((float) Math.sqrt((.16 + .36 + .04 + 0) / 4), measured.std().get(0), 1e-6f);
        assertEquals(1f, measured.std().get(1), "a channel of one value is left as it is");
        assertEquals(measured, Normalisation.of(measured.text()));
    }

    @Test
    void aNormalisationThatCannotNormaliseIsRefused() {
        fails(IllegalArgumentException.class, () -> new Normalisation(List.of(0f), List.of(0f)), "above 0");
        fails(IllegalArgumentException.class, () -> new Normalisation(List.of(Float.NaN), List.of(1f)), "finite");
        fails(IllegalArgumentException.class, () -> new Normalisation(List.of(0f, 0f), List.of(1f)), "one number per channel");
    }

    private static Dataset dataset(Images train, Images test) {
        return new Dataset("toy", train, Optional.empty(), test, GREY);
    }

    private static Images repeated(int perClass) {
        return numbered(IntStream.range(0, 3 * perClass).map(i -> i % 3).toArray());
    }

    /** One-pixel images of three classes, the pixel being the image's number. */
    private static Images numbered(int... labels) {
        ByteBuffer pixels = ByteBuffer.allocate(labels.length);
        for (int i = 0; i < labels.length; i++) {
            pixels.put((byte) i);
        }
        return Images.of(pixels.flip(), labels, 1, 1, 1, List.of("a", "b", "c"));
    }

    private static int[] numbers(Split images) {
        return IntStream.range(0, images.size()).map(i -> images.image(i)[0]).toArray();
    }
}
