package org.espalier.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.Espalier;
import org.espalier.data.Dataset;
import org.espalier.data.Images;
import org.espalier.data.Normalisation;
import org.espalier.data.Split;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Shortcut;
import org.espalier.prune.DoubleNetwork.Maps;
import org.espalier.prune.criteria.BatchNormScale;
import org.espalier.prune.criteria.Criteria;
import org.espalier.prune.criteria.GeometricMedian;
import org.espalier.prune.criteria.HRank;
import org.espalier.prune.criteria.Taylor;
import org.espalier.prune.plans.UniformPlan;
import org.espalier.random.Randomness;
import org.junit.jupiter.api.Test;

/** Criteria against their definitions in float64, on a ResNet-8 of 4, 6 and 8 channels and 16 images of 8 x 8. */
class CalibrationTest {
    private static final int BATCH = 8;
    private static final int SIDE = 8;
    private static final Dataset DATA = new Dataset("noise", noise(16, 1), Optional.empty(), noise(4, 2), Normalisation.CIFAR10);
    private static final Network NETWORK = network();
    private static final Calibration CALIBRATION = Calibration.of(NETWORK, DATA, 2, BATCH, 7);

    @Test
    void taylorIsTheSquareOfTheLossesGradientByAGate() {
        DoubleNetwork exact = new DoubleNetwork(NETWORK);
        for (ChannelGroup group : NETWORK.architecture().prunable()) {
            double[] scores = new Taylor().scores(NETWORK, group, CALIBRATION);
            double[] expected = new double[scores.length];
            String norm = group.name().replace("conv", "bn");
            for (int batch = 0; batch < 2; batch++) {
                for (int channel = 0; channel < expected.length; channel++) {
                    double up = exact.gated(norm, channel, expected.length, 1 + 1e-5).loss(images(batch), labels(batch));
                    double down = exact.gated(norm, channel, expected.length, 1 - 1e-5).loss(images(batch), labels(batch));
                    expected[channel] += Math.pow((up - down) / 2e-5, 2) / 2;
                }
            }
            double largest = Arrays.stream(expected).max().orElseThrow();
            for (int channel = 0; channel < expected.length; channel++) {
                assertEquals(expected[channel], scores[channel], 1e-2 * expected[channel] + 1e-5 * largest, group.name() + " " + channel);
            }
        }
    }

    @Test
    void hrankIsTheMeanRankOfMapsBehindTheRelu() {
        DoubleNetwork exact = new DoubleNetwork(NETWORK);
        for (ChannelGroup group : NETWORK.architecture().prunable()) {
            double[] expected = new double[group.width()];
            for (int batch = 0; batch < 2; batch++) {
                Maps maps = exact.outputs(images(batch), false).get(group.name() + ".relu");
                for (int i = 0; i < maps.n() * maps.c(); i++) {
                    expected[i % maps.c()] += rank(maps, i) / 16.;
                }
            }
            assertArrayEquals(expected, new HRank().scores(NETWORK, group, CALIBRATION), 1e-4, group.name());
            assertTrue(Arrays.stream(expected).distinct().count() > 1);
        }
    }

    /** By Gaussian elimination with full pivoting. */
    private static int rank(Maps maps, int map) {
        int side = maps.h();
        double[][] rows = new double[side][];
        for (int y = 0; y < side; y++) {
            rows[y] = Arrays.copyOfRange(maps.values(), (map * side + y) * side, (map * side + y + 1) * side);
        }
        int rank = 0;
        double first = 0;
        while (rank < side) {
            int[] pivot = {rank, rank};
            for (int k = rank * side; k < side * side; k++) {
                if (k % side >= rank && Math.abs(rows[k / side][k % side]) > Math.abs(rows[pivot[0]][pivot[1]])) {
                    pivot = new int[] {k / side, k % side};
                }
            }
            double largest = Math.abs(rows[pivot[0]][pivot[1]]);
            first = rank == 0 ? largest : first;
            if (largest <= 1e-6 * first) {
                return rank;
            }
            double[] row = rows[pivot[0]];
            rows[pivot[0]] = rows[rank];
            rows[rank] = row;
            for (double[] values : rows) {
                double swapped = values[rank];
                values[rank] = values[pivot[1]];
                values[pivot[1]] = swapped;
            }
            for (int y = rank + 1; y < side; y++) {
                double factor = rows[y][rank] / row[rank];
                for (int x = rank; x < side; x++) {
                    rows[y][x] -= factor * row[x];
                }
            }
            rank++;
        }
        return rank;
    }

    @Test
    void fpgmIsTheSumOfDistancesAndBnScaleTheMagnitudeOfGamma() {
        for (ChannelGroup group : NETWORK.architecture().prunable()) {
            Tensor weight = NETWORK.weights().get(group.name() + ".weight");
            Tensor gamma = NETWORK.weights().get(group.name().replace("conv", "bn") + ".weight");
            int row = weight.size() / group.width();
            double[] distances = IntStream.range(0, group.width()).mapToDouble(a -> IntStream.range(0, group.width()).mapToDouble(b ->
                    Math.sqrt(IntStream.range(0, row).mapToDouble(k -> Math.pow((double) weight.at(a * row + k) - weight.at(b * row + k), 2)).sum())).sum())
                    .toArray();
            assertArrayEquals(distances, new GeometricMedian().scores(NETWORK, group, Calibration.NONE), 1e-4);
            assertArrayEquals(IntStream.range(0, group.width()).mapToDouble(c -> Math.abs(gamma.at(c))).toArray(),
                    new BatchNormScale().scores(NETWORK, group, Calibration.NONE), 1e-4);
        }
    }

    @Test
    void activationsAreThoseOfTheNetworkInEvaluation() {
        Maps expected = new DoubleNetwork(NETWORK).outputs(images(1), false).get("layer2.0.add");
        Tensor found = CALIBRATION.activations("layer2.0.add", 1);
        assertArrayEquals(new int[] {BATCH, 6, 4, 4}, found.shape());
        for (int i = 0; i < found.size(); i++) {
            assertEquals(expected.values()[i], found.at(i), 1e-4);
        }
    }

    @Test
    void theSeedDrawsTheImagesAndTheNetworkStaysAsItIs() {
        Network before = network();
        Tensor gamma = CALIBRATION.gradients(0).get("bn1.weight");
        assertEquals(gamma, Calibration.of(NETWORK, DATA, 2, BATCH, 7).gradients(0).get("bn1.weight"));
        assertNotEquals(gamma, Calibration.of(NETWORK, DATA, 2, BATCH, 8).gradients(0).get("bn1.weight"));
        assertNotEquals(gamma, CALIBRATION.gradients(1).get("bn1.weight"));
        assertEquals(before, NETWORK);
        assertEquals(List.of(2, 3, 4), Espalier.prune(NETWORK, new UniformPlan(.5), new Taylor(), DATA).architecture().widths());
    }

    @Test
    void tooFewImagesAndOtherImagesAreNamed() {
        assertMessage("3 mini-batches of 8 images are more than the 16 training images of noise", () -> Calibration.of(NETWORK, DATA, 3, 8, 1));
        assertMessage("not 0 of 8", () -> Calibration.of(NETWORK, DATA, 0, 8, 1));
        assertMessage("of at least 2 images, which batch norm needs, not 5 of 1",
                () -> Calibration.of(NETWORK, new Dataset("few", noise(9, 1), Optional.empty(), noise(4, 2), Normalisation.CIFAR10), 1));
        Network other = Initial.network(CifarResNet.dense(8, List.of(4, 6, 8), 3, 10, Shortcut.SUBSAMPLE), 1);
        assertMessage("knows 10 classes, but the images of noise have 3 channels and 2 classes", () -> Calibration.of(other, DATA, 2, 8, 1));
        ChannelGroup group = NETWORK.architecture().prunable().get(2);
        Dataset tiny = new Dataset("tiny", images(16, 4, 1), Optional.empty(), images(4, 4, 2), Normalisation.CIFAR10);
        assertMessage("puts out single pixels", () -> new HRank().scores(NETWORK, group, Calibration.of(NETWORK, tiny, 2, 8, 1)));
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable action) {
        String message = assertThrows(IllegalArgumentException.class, action).getMessage();
        assertTrue(message.contains(part), message);
    }

    /** Norms that differ from channel to channel, and shifts that let a ReLU lower the rank of some maps. */
    private static Network network() {
        Network initial = Initial.network(CifarResNet.dense(8, List.of(4, 6, 8), 3, 2, Shortcut.SUBSAMPLE), 1);
        RandomGenerator random = Randomness.of(1, "test", 0);
        Map<String, Tensor> norms = new HashMap<>();
        initial.weights().tensors().forEach((name, tensor) -> {
            if (tensor.shape().length == 1) {
                float[] values = tensor.values();
                for (int i = 0; i < values.length; i++) {
                    values[i] += (float) (name.endsWith(".bias") ? random.nextDouble() - .7 : .5 * random.nextDouble());
                }
                norms.put(name, Tensor.of(values, tensor.shape()));
            }
        });
        return new Network(initial.architecture(), initial.weights().with(norms));
    }

    private static int[] rows(int batch) {
        int[] all = Randomness.permutation(DATA.train().size(), Randomness.of(7, "calibration", 0));
        return Arrays.copyOfRange(all, batch * BATCH, (batch + 1) * BATCH);
    }

    private static int[] labels(int batch) {
        return Arrays.stream(rows(batch)).map(DATA.train()::label).toArray();
    }

    private static Maps images(int batch) {
        Maps maps = new Maps(BATCH, 3, SIDE, SIDE);
        Normalisation normalisation = DATA.normalisation();
        for (int i = 0; i < BATCH; i++) {
            byte[] pixels = DATA.train().image(rows(batch)[i]);
            for (int k = 0; k < pixels.length; k++) {
                int c = k % 3;
                maps.values()[maps.at(i, c, k / 3 / SIDE, k / 3 % SIDE)] = ((pixels[k] & 255) / 255. - normalisation.mean().get(c)) / normalisation.std().get(c);
            }
        }
        return maps;
    }

    private static Split noise(int count, long seed) {
        return images(count, SIDE, seed);
    }

    private static Split images(int count, int side, long seed) {
        RandomGenerator random = Randomness.of(seed, "noise", 0);
        byte[] pixels = new byte[count * side * side * 3];
        random.nextBytes(pixels);
        return Images.of(ByteBuffer.wrap(pixels), IntStream.range(0, count).map(i -> i % 2).toArray(), side, side, 3, List.of("even", "odd"));
    }
}
