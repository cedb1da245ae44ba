package org.espalier.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SpecTest {
    private static final Spec ORIGINAL = Spec.original("cifar10", "cifar-resnet-56");

    @Property
    void itsTextRoundTrips(@ForAll("specs") Spec spec) {
        assertEquals(spec, Spec.parse(spec.text()));
        assertEquals(spec.id(), Spec.parse(spec.text()).id());
    }

    @Provide
    Arbitrary<Spec> specs() {
        Arbitrary<String> words = Arbitraries.strings().withChars("abcXYZ019 =.,()*-:/").ofMaxLength(20).map(String::strip);
        Arbitrary<Spec> originals = Combinators.combine(words, words, words, words, Arbitraries.longs(), words)
                .as((data, network, weights, original, seed, recipe) -> new Spec(data, network, weights, original, seed, recipe, "", "l1", "", 0, 1, ""));
        Arbitrary<String> nonEmpty = words.filter(word -> !word.isEmpty());
        return Combinators.combine(originals, nonEmpty, words, nonEmpty, Arbitraries.integers().between(1, 1000), Arbitraries.longs())
                .as((spec, plan, criterion, schedule, epochs, seed) -> seed % 2 == 0 ? spec
                        : spec.retrained(plan, criterion, schedule, epochs).with("seed", seed));
    }

    /** Whoever changes one of these orphans every result that was stored under it. */
    @Test
    void idsNeverChange() {
        Map<String, String> ids = Map.of(
                "data=cifar10; network=cifar-resnet-56", "71666e4d19ac7f0a",
                "data=cifar10; network=cifar-resnet-56; plan=R56-B; schedule=clr; epochs=72", "8ed4278f13cff675",
                "data=cifar10; network=cifar-resnet-56; plan=R56-B; criterion=random; schedule=ft; epochs=40; seed=3", "f440462c4c166510",
                "data=sample; network=cifar-resnet-20 channels=1; original=step epochs=16; originalSeed=2; recipe=batch=128; plan=uniform(0.5); "
                        + "schedule=lrw epochs=16; epochs=4; seed=2", "62ea208307fb2ab8",
                "data=cifar10; network=vgg-16; weights=sha256:0123456789abcdef; plan=VGG-A; schedule=slr; epochs=152", "1179a9a91b6582f3");
        ids.forEach((text, id) -> assertEquals(id, Spec.parse(text).id(), text));
        ids.forEach((text, id) -> assertEquals(text, Spec.parse(text).text()));
    }

    @Test
    void whatIsUsualStandsInNoText() {
        assertEquals("data=cifar10; network=cifar-resnet-56", ORIGINAL.text());
        assertEquals("data=cifar10; network=cifar-resnet-56; plan=R56-B; schedule=clr; epochs=72",
                ORIGINAL.retrained("R56-B", "l1", "clr", 72).with("seed", 1).text());
    }

    @Test
    void everyRetrainingOfOneOriginalHasItAsParent() {
        Spec first = ORIGINAL.retrained("R56-B", "random", "clr", 72).with("seed", 5);
        Spec second = ORIGINAL.retrained("R56-C", "l1", "ft", 40);
        assertEquals(ORIGINAL, first.parent());
        assertEquals(ORIGINAL, second.parent());
        assertEquals(ORIGINAL, ORIGINAL.parent());
        assertTrue(ORIGINAL.isOriginal());
    }

    @Test
    void aFieldOfANewerReleaseIsNamed() {
        var error = assertThrows(IllegalArgumentException.class, () -> Spec.parse("data=cifar10; network=x; warmth=3"));
        assertTrue(error.getMessage().contains("warmth") && error.getMessage().contains("newer"), error.getMessage());
    }

    @Test
    void nonsenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Spec.parse("data=a; data=b"));
        assertThrows(IllegalArgumentException.class, () -> Spec.parse("data=a; seed=many"));
        assertThrows(IllegalArgumentException.class, () -> ORIGINAL.with("data", "a; seed=3"));
        assertThrows(IllegalArgumentException.class, () -> ORIGINAL.with("data", "a\nb"));
        assertThrows(IllegalArgumentException.class, () -> ORIGINAL.with("epochs", 3));
        assertThrows(IllegalArgumentException.class, () -> ORIGINAL.retrained("R56-B", "l1", "ft", 0));
        assertThrows(IllegalArgumentException.class, () -> ORIGINAL.retrained("", "l1", "ft", 1));
        assertThrows(IllegalArgumentException.class, () -> ORIGINAL.with("sed", 3));
    }
}
