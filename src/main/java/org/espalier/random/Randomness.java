package org.espalier.random;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.util.MathArrays;
import org.espalier.text.Sha256;

/**
 * Random numbers of a run's own. A stream depends on the run's seed, on what it is drawn for and on an index (an epoch, a layer), and on
 * nothing else: not on the process, the engine, the JDK, or on what was drawn before. So runs side by side, resumed or reordered draw the same.
 */
public final class Randomness {
    private Randomness() {
    }

    /** The stream for one purpose, for instance {@code of(seed, "shuffle", epoch)}. */
    public static RandomGenerator of(long seed, String purpose, long index) {
        byte[] name = purpose.getBytes(StandardCharsets.UTF_8);
        ByteBuffer text = ByteBuffer.allocate(16 + name.length).putLong(seed).putLong(index).put(name);
        ByteBuffer digest = ByteBuffer.wrap(Sha256.digest().digest(text.array()));
        int[] state = new int[8];
        digest.asIntBuffer().get(state);
        return new Well19937c(state);
    }

    /** The numbers 0 to n - 1 in an unbiased random order (Fisher-Yates). */
    public static int[] permutation(int n, RandomGenerator random) {
        int[] order = MathArrays.natural(n);
        MathArrays.shuffle(order, random);
        return order;
    }
}
