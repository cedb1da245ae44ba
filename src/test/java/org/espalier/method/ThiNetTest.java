package org.espalier.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.data.Dataset;
import org.espalier.data.Datasets;
import org.espalier.model.Architecture;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.prune.Calibration;
import org.espalier.prune.Plan;
import org.espalier.prune.Pruning;
import org.espalier.prune.criteria.L1Norm;
import org.espalier.prune.criteria.MatchingPursuit;
import org.espalier.prune.criteria.NextLayer;
import org.espalier.prune.criteria.ThiNet;
import org.espalier.random.Randomness;
import org.espalier.train.Recipe;
import org.espalier.train.schedules.FT;
import org.junit.jupiter.api.Test;

class ThiNetTest {
    private static final Dataset DATA = Datasets.sample().take(8, 5);
    private static final Network NETWORK = Initial.network(Architecture.parse("cifar-resnet-8 stages=4,8,8 channels=1"), 1);

    @Test
    void matchingPursuitIsAsItsDefinitionOnTheRowsThemselves() {
        RandomGenerator random = Randomness.of(1, "test", 0);
        double[][] rows = IntStream.range(0, 40).mapToObj(r -> IntStream.range(0, 7).mapToDouble(c -> random.nextGaussian() * (c + 1)).toArray())
                .toArray(double[][]::new);
        MatchingPursuit sums = MatchingPursuit.of(7);
        for (double[] row : rows) {
            sums.add(row);
        }
        RealMatrix x = new Array2DRowRealMatrix(rows);
        RealVector y = x.operate(new ArrayRealVector(7, 1));
        List<Integer> chosen = new ArrayList<>();
        RealVector left = y;
        RealVector factors = null;
        for (int size = 0; size < 4; size++) {
            int best = -1;
            for (int c = 0; c < 7; c++) {
                best = !chosen.contains(c) && (best < 0 || rest(x, c, left) < rest(x, best, left)) ? c : best;
            }
            chosen.add(best);
            RealMatrix taken = x.getSubMatrix(IntStream.range(0, 40).toArray(), chosen.stream().mapToInt(i -> i).toArray());
            factors = new QRDecomposition(taken).getSolver().solve(y);
            left = y.subtract(taken.operate(factors));
        }
        MatchingPursuit.Fit fit = sums.pursue(4);
        assertEquals(chosen, IntStream.of(fit.chosen()).boxed().toList());
        assertArrayEquals(factors.toArray(), fit.factors(), 1e-9);
    }

    private static double rest(RealMatrix x, int column, RealVector left) {
        RealVector own = x.getColumnVector(column);
        return left.subtract(own.mapMultiply(own.dotProduct(left) / own.dotProduct(own))).getNorm();
    }

    /** Channel 2 is the same as channel 1, and what reads it takes twice as much of it: the factor of the one that stays makes up for the other. */
    @Test
    void whatTheNextLayerLosesIsMadeUpFor() {
        Map<String, Tensor> twins = Map.of("layer1.0.conv1.weight", copied("layer1.0.conv1.weight", 0, 1), "layer1.0.conv2.weight",
                copied("layer1.0.conv2.weight", 1, 2));
        Network network = new Network(NETWORK.architecture(), NETWORK.weights().with(twins));
        Network pruned = new ThiNetReconstruction().run(MethodContext.of(network, Plan.parse("widths(3,8,8)"), new L1Norm(), new FT(.01), DATA, Recipe.ofPaper()))
                .network();
        assertEquals(List.of(3, 8, 8), pruned.architecture().widths());
        assertArrayEquals(logits(network), logits(pruned), 1e-3f);
        double[] scores = new ThiNet(1).scores(network, network.architecture().prunable().get(0), Calibration.of(network, DATA, 1));
        assertEquals(1, Math.min(scores[1], scores[2]), "one of the twins comes last");
    }

    /** Of the first axis, or of the second: place 2 is so many times place 1. */
    private static Tensor copied(String name, int axis, int times) {
        Tensor weight = NETWORK.weights().get(name);
        float[] values = weight.values();
        int row = weight.size() / weight.shape()[0];
        int kernel = row / weight.shape()[1];
        for (int o = 0; o < weight.shape()[0]; o++) {
            for (int k = 0; k < (axis == 0 ? row : kernel); k++) {
                if (axis == 0 && o == 2) {
                    values[2 * row + k] = times * values[row + k];
                } else if (axis == 1) {
                    values[o * row + 2 * kernel + k] = times * values[o * row + kernel + k];
                }
            }
        }
        return Tensor.of(values, weight.shape());
    }

    @Test
    void allChannelsRebuildTheOutputWithFactorsOfOne() {
        var group = NETWORK.architecture().prunable().get(1);
        double[] factors = NextLayer.of(NETWORK, group).contributions(Calibration.of(NETWORK, DATA, 1), 1).pursue(8).factors();
        for (double factor : factors) {
            assertTrue(Math.abs(factor - 1) < 1e-6 || factor == 0, "of a channel that is never active, nothing: " + factor);
        }
        assertEquals(List.of(2, 4, 4), Pruning.prune(NETWORK, Plan.parse("uniform(0.5)"), new ThiNet(1), Calibration.of(NETWORK, DATA, 1)).architecture().widths());
    }

    @Test
    void channelsThatSeveralLayersReadAreNamed() {
        Network dense = Initial.network(Architecture.parse("densenet-40 channels=1"), 1);
        String message = assertThrows(IllegalArgumentException.class, () -> NextLayer.of(dense, dense.architecture().prunable().get(0))).getMessage();
        assertTrue(message.contains("the one layer that reads a channel"), message);
    }

    private static float[] logits(Network network) {
        return Calibration.of(network, DATA, 1, 8, 1).activations("linear", 0).values();
    }
}
