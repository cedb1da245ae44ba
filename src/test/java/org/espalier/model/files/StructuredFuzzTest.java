package org.espalier.model.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.model.Names;
import org.espalier.model.Network;
import org.espalier.model.loading.Networks;
import org.espalier.random.Randomness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random files around good weights: what is right is loaded bit for bit, what is wrong is refused by the file's name, what is damaged is either; in
 * seconds, in little memory, and without a foreign class or command. {@code -Despalier.fuzz.files=100000} makes it a long run, {@code
 * -Despalier.fuzz.seed} another one.
 */
class StructuredFuzzTest {
    private static final int FILES = Integer.getInteger("espalier.fuzz.files", 3000);
    private static final long SEED = Long.getLong("espalier.fuzz.seed", 1);
    private static final long SLOWEST_SECONDS = 20;
    private static final long MOST_BYTES = 64 << 20;

    @TempDir
    Path folder;

    @Test
    void everyFileIsLoadedRightOrRefusedByItsName() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int loaded = 0;
        int refused = 0;
        long slowest = 0;
        long largest = 0;
        Path file = folder.resolve("random.checkpoint");
        for (int i = 0; i < FILES; i++) {
            RandomGenerator random = Randomness.of(SEED, "checkpoint", i);
            RandomCheckpoint checkpoint = RandomCheckpoint.of(random);
            Files.write(file, checkpoint.bytes());
            long bytes = threads.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            if (loads(checkpoint, file, "file " + i + " of seed " + SEED)) {
                loaded++;
            } else {
                refused++;
            }
            slowest = Math.max(slowest, System.nanoTime() - start);
            largest = Math.max(largest, threads.getCurrentThreadAllocatedBytes() - bytes);
            assertTrue(slowest < SLOWEST_SECONDS * 1_000_000_000L, "file " + i + " took " + slowest / 1_000_000 + " ms");
            assertTrue(largest < MOST_BYTES, "file " + i + " of " + checkpoint.bytes().length + " bytes took " + largest + " bytes of memory");
        }
        assertFalse(Files.exists(Path.of("/tmp/espalier-was-here")));
        assertEquals(0, CheckpointFuzzTest.Canary.CONSTRUCTED.get());
        System.out.println(FILES + " checkpoints: " + loaded + " loaded, " + refused + " refused; the slowest took " + slowest / 1_000_000
                + " ms, the largest " + (largest >> 10) + " KiB of memory");
    }

    private static boolean loads(RandomCheckpoint checkpoint, Path file, String which) {
        Network network;
        try {
            network = Networks.load(file, checkpoint.options());
        } catch (IllegalArgumentException | UncheckedIOException e) {
            assertTrue(e.getMessage().contains(file.toString()), which + ": " + e.getMessage());
            if (checkpoint.right()) {
                fail(which + " is right, but was refused", e);
            }
            return false;
        } catch (RuntimeException | Error e) {
            throw new AssertionError(which + " ended with " + e, e);
        }
        if (checkpoint.wrong() != null) {
            fail(which + " was loaded although '" + checkpoint.wrong() + "' is wrong");
        }
        if (!checkpoint.numbers()) {
            assertEquals(checkpoint.expected(), network.with(Names.OWN), which);
        }
        return true;
    }
}
