package org.espalier.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ClassTextTest {
    private static final String HERE = ClassTextTest.class.getName() + "$";

    public record Everything(int i, long l, double d, boolean b, String s, List<Integer> is, List<Double> ds) implements Supplier<String> {
        @Override
        public String get() {
            return s;
        }
    }

    public record Seeded(double share, long seed) implements Supplier<String> {
        public Seeded {
            if (share > 1) {
                throw new IllegalArgumentException("a share is at most 1, not " + share);
            }
        }

        @Override
        public String get() {
            return "" + seed;
        }
    }

    public record WithDefaults(int width, double rate) implements Supplier<String> {
        public WithDefaults() {
            this(16, .25);
        }

        @Override
        public String get() {
            return "";
        }
    }

    public record Unreadable(float[] values) implements Supplier<String> {
        @Override
        public String get() {
            return "";
        }
    }

    record Hidden() implements Supplier<String> {
        @Override
        public String get() {
            return "";
        }
    }

    @Property(tries = 200)
    void aRecordReadsBackFromItsText(@ForAll int i, @ForAll long l, @ForAll double d, @ForAll boolean b,
                                     @ForAll @Size(max = 5) List<Integer> is, @ForAll @Size(max = 5) List<Double> ds) {
        Everything value = new Everything(i, l, d, b, "a-word", is, ds);
        assertEquals(value, ClassText.parse(ClassText.of(value).orElseThrow(), Supplier.class));
    }

    @Test
    void theTextIsTheClassAndItsComponents() {
        assertEquals(HERE + "Everything i=1 l=2 d=0.5 b=true s=x is=3*7,8 ds=2*0.5",
                ClassText.of(new Everything(1, 2, .5, true, "x", List.of(7, 7, 7, 8), List.of(.5, .5))).orElseThrow());
    }

    @Test
    void whatTheCallerKnowsStaysOutOfTheText() {
        String text = ClassText.of(new Seeded(.5, 7), "seed").orElseThrow();
        assertEquals(HERE + "Seeded share=0.5", text);
        assertEquals(new Seeded(.5, 9), ClassText.parse(text, Supplier.class, Map.of("seed", 9L)));
    }

    @Test
    void whatIsNotSaidIsAsTheConstructorWithoutArgumentsHasIt() {
        assertEquals(new WithDefaults(8, .25), ClassText.parse(HERE + "WithDefaults width=8", Supplier.class));
    }

    @Test
    void aClassThatNobodyElseCouldFindHasNoText() {
        Supplier<String> lambda = () -> "";
        assertEquals(Optional.empty(), ClassText.of(lambda));
        assertEquals(Optional.empty(), ClassText.of(new Hidden()));
        assertEquals(Optional.empty(), ClassText.of(new Supplier<String>() {
            @Override
            public String get() {
                return "";
            }
        }));
        String message = assertThrows(IllegalStateException.class, () -> ClassText.require(lambda, "thing")).getMessage();
        assertTrue(message.contains("a thing without a name") && message.contains("name it: "), message);
    }

    @Test
    void aClassThatWasCompiledInMemoryHasNoText() throws Exception {
        String name = Everything.class.getName();
        byte[] code;
        try (var stream = Everything.class.getResourceAsStream("ClassTextTest$Everything.class")) {
            code = stream.readAllBytes();
        }
        Class<?> inMemory = new ClassLoader(ClassTextTest.class.getClassLoader()) {
            Class<?> define() {
                return defineClass(name, code, 0, code.length);
            }
        }.define();
        Object value = inMemory.getConstructors()[0].newInstance(1, 2L, .5, true, "x", List.of(), List.of());
        assertEquals(Optional.empty(), ClassText.of(value));
    }

    @Test
    void whatCantBeReadIsNamed() {
        assertMessage("no class 'com.acme.Nowhere'", "com.acme.Nowhere peak=1");
        assertMessage("java.lang.String is no Supplier", "java.lang.String");
        assertMessage("no public record", HERE + "Hidden");
        assertMessage("doesn't say seed; " + HERE + "Seeded has share, seed", HERE + "Seeded share=0.5");
        assertMessage("has no 'shara'; it has share, seed; did you mean share?", HERE + "Seeded share=0.5 seed=1 shara=2");
        assertMessage("'much' in the text of", HERE + "Seeded share=much seed=1");
        assertMessage("a share is at most 1, not 2.0", HERE + "Seeded share=2 seed=1");
        assertMessage("values is of type float[]", HERE + "Unreadable values=1");
    }

    @Test
    void aValueThatWouldBreakTheTextIsRefused() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ClassText.of(new Everything(1, 2, 3, true, "two words", List.of(), List.of())))
                .getMessage().contains("s is 'two words'"));
    }

    private static void assertMessage(String part, String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> ClassText.parse(text, Supplier.class)).getMessage();
        assertTrue(message.contains(part), message);
    }
}
