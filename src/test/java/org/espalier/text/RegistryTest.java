package org.espalier.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private static final Registry<Number> NUMBERS = Registry.of("number", Number.class)
            .with("one", fields -> 1).with("some", fields -> fields.number("count", 3));

    @Test
    void aNameFindsItsReader() {
        assertEquals(1, NUMBERS.parse("one"));
        assertEquals(7, NUMBERS.parse("some count=7"));
    }

    @Test
    void whatIsUnknownIsNamedWithWhatIsKnown() {
        assertMessage("'oone' is no number; known are one, some, and classes of yours by their full name; did you mean one?", "oone");
        assertMessage("some has no 'cuont'; it has count", "some cuont=2");
        assertMessage("one has no 'count'; it has no fields", "one count=2");
        assertMessage("no class 'com.acme.Many'", "com.acme.Many");
    }

    @Test
    void aNameIsTakenOnce() {
        assertThrows(IllegalArgumentException.class, () -> NUMBERS.with("one", fields -> 2));
        assertThrows(IllegalArgumentException.class, () -> NUMBERS.with("com.acme.One", fields -> 2));
    }

    @Test
    void onlyANearWordIsSuggested() {
        List<String> known = List.of("clr", "cosine", "bimp-clr");
        assertEquals("; did you mean clr?", Suggestion.of("CLRx", known));
        assertEquals("; did you mean cosine?", Suggestion.of("cosin", known));
        assertEquals("", Suggestion.of("warm", known));
        assertEquals("", Suggestion.of("warm", List.of()));
    }

    @Test
    void listsReadBackWhetherEmptyOrOfRuns() {
        CanonicalText fields = CanonicalText.parse("x none= runs=2*0.5,1.0");
        assertEquals(List.of(), fields.numbers("none", List.of(1)));
        assertEquals(List.of(.5, .5, 1.), fields.reals("runs", List.of()));
    }

    private static void assertMessage(String part, String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> NUMBERS.parse(text)).getMessage();
        assertTrue(message.contains(part), message);
    }
}
