package org.espalier.model.files;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.model.Network;
import org.espalier.model.loading.Networks;
import org.espalier.random.Randomness;

/** However a file is damaged, it is read or refused by its name: no other exception, no hang, no lack of memory. */
class CheckpointFuzzTest {
    private Path file;

    /** Pickles ask for it by its name; nothing may make one. */
    public static final class Canary {
        static final AtomicInteger CONSTRUCTED = new AtomicInteger();

        public Canary() {
            CONSTRUCTED.incrementAndGet();
        }
    }

    @BeforeProperty
    void makeFile() throws IOException {
        file = Files.createTempFile("damaged", ".checkpoint");
    }

    @AfterProperty
    void removeFile() throws IOException {
        Files.delete(file);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of("zip.pt", "legacy.th", "mixed-protocol5.pt", "mixed-legacy.th", "safetensors");
    }

    @Property(tries = 800)
    void damageIsNoticedOrHarmless(@ForAll("names") String name, @ForAll long seed) throws IOException {
        byte[] bytes = bytes(name);
        RandomGenerator random = Randomness.of(seed, "damage", 0);
        // Headers and pickles are where the danger lies; they stand at the beginning or, in archives, at the end.
        int region = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 1 + random.nextInt(2000));
        boolean atEnd = random.nextBoolean();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int place = random.nextInt(region);
            int at = atEnd ? bytes.length - 1 - place : place;
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes[at] = (byte) 0xff;
                default -> System.arraycopy(bytes, random.nextInt(bytes.length - 8), bytes, Math.min(at, bytes.length - 8), 8);
            }
        }
        load(random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes);
    }

    /** Beyond what checksums would notice: pickles of whole opcodes in any order. */
    @Property(tries = 800)
    void programsOfAllowedOpcodesAreReadOrRefused(@ForAll long seed) throws IOException {
        RandomGenerator random = Randomness.of(seed, "program", 0);
        List<String> opcodes = List.of("}", "]", "(", ")", "t", "s", "u", "a", "e", "R", "Q", "b", "N", "}(", "(N", ".",
                "K\u0000", "J\u00ff\u00ff\u00ff\u00ff", "\u0085", "\u0086", "\u0087", "\u0088", "\u008a\u0001\u0080", "q\u0000", "q\u0001", "h\u0000",
                "h\u0001", "\u0094", "\u0093", "G\u007f\u00f0      ", "U\u0001x", "ctorch\nFloatStorage\n", "ccollections\nOrderedDict\n",
                "ctorch._utils\n_rebuild_tensor\n", "ctorch\nSize\n", "cnumpy\ndtype\n",
                Assembled.text("state_dict"), Assembled.text("conv1.weight"), Assembled.text("storage"), Assembled.storage(4),
                Assembled.tensor(4, 1, 3, 1), Assembled.text("a") + Assembled.tensor(4, 0, 2, 2) + "s");
        StringBuilder program = new StringBuilder(Assembled.START + "}");
        for (int i = random.nextInt(40); i >= 0; i--) {
            program.append(opcodes.get(random.nextInt(opcodes.size())));
        }
        load(Assembled.zip(program + ".", new byte[16]));
    }

    @Property(tries = 200)
    void randomBytesAreRefused(@ForAll byte[] bytes, @ForAll("heads") byte[] head) throws IOException {
        load(Assembled.concat(head, bytes));
    }

    @Provide
    Arbitrary<byte[]> heads() {
        return Arbitraries.of(List.of(new byte[0], new byte[] {'P', 'K', 3, 4}, new byte[] {'P', 'K', 5, 6}, new byte[] {(byte) 0x80, 2},
                Assembled.LEGACY_HEAD, new byte[] {9, 0, 0, 0, 0, 0, 0, 0, '{'}));
    }

    private void load(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        try {
            Networks.load(file);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
        }
    }

    private static byte[] bytes(String name) throws IOException {
        if (name.equals("safetensors")) {
            Network network = Networks.load(CheckpointTest.resource("zip.pt"));
            return Safetensors.write(network.weights().tensors(), Map.of("architecture", network.architecture().text()));
        }
        return Files.readAllBytes(CheckpointTest.resource(name));
    }
}
