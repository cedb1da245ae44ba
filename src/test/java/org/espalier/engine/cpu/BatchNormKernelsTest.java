package org.espalier.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.FloatBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.random.Randomness;

/** The passes over memory against the formulas, number by number, in double precision. */
class BatchNormKernelsTest {
    private static final float[] MEAN = {.25f};

    @Property(tries = 40)
    void momentsAreSumsOfDistancesAndTheirSquares(@ForAll @IntRange(min = 1, max = 1300) int channels, @ForAll @IntRange(min = 1, max = 300) int pixels,
                                                  @ForAll long seed) {
        float[] x = values(channels * pixels, seed);
        ChannelSums moments = new BatchNormKernels(channels).sums(FloatBuffer.wrap(x), x.length);
        assertEquals(pixels, moments.count());
        for (int channel = 0; channel < channels; channel++) {
            double sum = 0;
            double squares = 0;
            for (int at = channel; at < x.length; at += channels) {
                double distance = x[at] - moments.origin()[channel];
                sum += distance;
                squares += distance * distance;
            }
            assertEquals(sum, moments.first()[channel], 1e-4 * Math.sqrt(pixels));
            assertEquals(squares, moments.second()[channel], 1e-5 * Math.max(1, squares));
        }
    }

    @Property(tries = 40)
    void aReluLetsThroughWhatIsAboveZeroAndItsGradientAlike(@ForAll @IntRange(min = 1, max = 40) int channels,
                                                            @ForAll @IntRange(min = 1, max = 200) int pixels, @ForAll long seed) {
        int size = channels * pixels;
        float[] x = values(size, seed);
        float[] g = values(size, seed + 1);
        float[] added = values(size, seed + 2);
        var norm = new SyncBatchNorm.Affine(values(channels, seed + 3), values(channels, seed + 4));
        var back = new SyncBatchNorm.Backward(values(channels, seed + 5), values(channels, seed + 6), values(channels, seed + 7));
        float[] plain = new float[size];
        float[] residual = new float[size];
        float[] expected = new float[size];
        float[] expectedResidual = new float[size];
        float[] masked = new float[size];
        float[] combined = new float[size];
        for (int i = 0; i < size; i++) {
            int channel = i % channels;
            float y = x[i] * norm.scale()[channel] + norm.shift()[channel];
            expected[i] = y > 0 ? y : 0;
            expectedResidual[i] = y + added[i] > 0 ? y + added[i] : 0;
            masked[i] = y > 0 ? g[i] : 0;
            combined[i] = masked[i] * back.ofGradient()[channel] + x[i] * back.ofValue()[channel] + back.constant()[channel];
        }
        BatchNormKernels rows = new BatchNormKernels(channels);
        rows.forward(FloatBuffer.wrap(x), null, FloatBuffer.wrap(plain), size, norm, Activation.RELU);
        assertArrayEquals(expected, plain);
        rows.forward(FloatBuffer.wrap(x), FloatBuffer.wrap(added), FloatBuffer.wrap(residual), size, norm, Activation.RELU);
        assertArrayEquals(expectedResidual, residual);

        float[] mean = values(channels, seed + 8);
        float[] gradient = g.clone();
        ChannelSums moments = rows.activationBackward(FloatBuffer.wrap(gradient), null, FloatBuffer.wrap(plain), FloatBuffer.wrap(x), size, mean, Activation.RELU);
        assertArrayEquals(masked, gradient, Float.MIN_VALUE);
        for (int channel = 0; channel < channels; channel++) {
            double sum = 0;
            double products = 0;
            for (int i = channel; i < size; i += channels) {
                sum += masked[i];
                products += masked[i] * (x[i] - mean[channel]);
            }
            assertEquals(sum, moments.first()[channel], 1e-4 * Math.sqrt(pixels));
            assertEquals(products, moments.second()[channel], 1e-4 * Math.sqrt(pixels));
        }
        float[] out = new float[size];
        rows.normBackward(FloatBuffer.wrap(gradient), FloatBuffer.wrap(x), FloatBuffer.wrap(out), size, back);
        assertArrayEquals(combined, out, 1e-5f);
    }

    @Property(tries = 20)
    void theSmallestNumberAboveZeroCounts(@ForAll boolean above) {
        float[] gradient = {3};
        float[] out = {above ? Float.MIN_VALUE : 0};
        new BatchNormKernels(1).activationBackward(FloatBuffer.wrap(gradient), null, FloatBuffer.wrap(out), FloatBuffer.wrap(new float[] {1}), 1, MEAN, Activation.RELU);
        assertEquals(above ? 3 : 0, gradient[0]);
    }

    private static float[] values(int count, long seed) {
        RandomGenerator random = Randomness.of(seed, "rows", 0);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
