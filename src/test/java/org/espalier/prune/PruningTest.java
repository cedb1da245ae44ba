package org.espalier.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.espalier.model.Initial;
import org.espalier.model.Names;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Shortcut;
import org.espalier.prune.criteria.L1Norm;
import org.espalier.prune.criteria.L2Norm;
import org.espalier.prune.criteria.RandomScore;
import org.espalier.prune.criteria.Taylor;
import org.espalier.prune.plans.TargetPlan;
import org.espalier.prune.plans.UniformPlan;
import org.junit.jupiter.api.Test;

class PruningTest {
    private static final Plan HALF = new UniformPlan(.5);

    @Test
    void theFiltersWithTheLargestNormsStayInTheirOrder() {
        // One filter has few large weights, another many small ones: l1 and l2 rank them differently.
        Network network = withFirstFilters(filter(.1f), filter(-3), filter(.5f), single(9));
        assertArrayEquals(new int[] {1, 2}, kept(network, new L1Norm()));
        assertArrayEquals(new int[] {1, 3}, kept(network, new L2Norm()));
    }

    @Test
    void ofEqualFiltersTheEarlierStays() {
        assertArrayEquals(new int[] {0, 3}, kept(withFirstFilters(filter(1), filter(-1), filter(1), filter(2)), new L1Norm()));
    }

    @Test
    void whatStaysKeepsItsWeights() {
        Network network = withFirstFilters(filter(1), filter(4), filter(3), filter(2));
        Network pruned = Pruning.prune(network, HALF, new L1Norm());
        assertEquals(Tensor.of(concat(filter(4), filter(3)), 2, 4, 3, 3), pruned.weights().get("layer1.0.conv1.weight"));
        assertEquals(network.weights().get("layer1.0.conv2.weight").select(1, new int[] {1, 2}), pruned.weights().get("layer1.0.conv2.weight"));
        assertEquals(List.of(2, 4, 8), pruned.architecture().widths());
    }

    @Test
    void theNamesOfTheFileThatItCameFromStay() {
        Names names = new Names(Map.of("linear.weight", "fc.weight"));
        Network network = withFirstFilters(filter(1), filter(4), filter(3), filter(2)).with(names);
        assertEquals(names, Pruning.prune(network, HALF, new L1Norm()).names());
    }

    @Test
    void chanceDependsOnTheSeedAlone() {
        Network network = Initial.network(CifarResNet.of(20, 10), 1);
        assertEquals(Pruning.prune(network, HALF, new RandomScore(1)), Pruning.prune(network, HALF, new RandomScore(1)));
        assertFalse(Arrays.equals(Pruning.kept(network, HALF, new RandomScore(1)).get(0), Pruning.kept(network, HALF, new RandomScore(2)).get(0)));
    }

    /** A binomial of 600 draws at 1/2 strays from 300 by more than 5 standard deviations (61) once in two millions. */
    @Test
    void randomScoresAreUniformOverANetworksChannelsAndOfEachLayersOwn() {
        Network network = Initial.network(CifarResNet.dense(8, List.of(8, 8, 8), 3, 10, Shortcut.SUBSAMPLE), 1);
        int[][] kept = new int[3][8];
        int together = 0;
        for (int seed = 1; seed <= 600; seed++) {
            List<int[]> chosen = Pruning.kept(network, HALF, new RandomScore(seed));
            for (int group = 0; group < 3; group++) {
                for (int channel : chosen.get(group)) {
                    kept[group][channel]++;
                }
            }
            together += Arrays.stream(chosen.get(0)).anyMatch(channel -> channel == 0) == Arrays.stream(chosen.get(1)).anyMatch(channel -> channel == 0) ? 1 : 0;
        }
        for (int[] counts : kept) {
            assertTrue(Arrays.stream(counts).allMatch(count -> Math.abs(count - 300) <= 61), Arrays.toString(counts));
        }
        assertTrue(Math.abs(together - 300) <= 61, "one layer's choice says nothing of another's: " + together);
    }

    @Test
    void aReadersCriterionIsALambda() {
        Network network = withFirstFilters(filter(1), filter(2), filter(3), filter(4));
        Criterion last = (net, group, calibration) -> IntStream.range(0, group.width()).mapToDouble(i -> i).toArray();
        assertArrayEquals(new int[] {2, 3}, kept(network, last));
        assertMessage("has no text", IllegalStateException.class, last::text);
    }

    @Test
    void whatACriterionGetsWrongIsNamed() {
        Network network = withFirstFilters(filter(1), filter(2), filter(3), filter(4));
        assertMessage("returned 1 scores for layer1.0.conv1, which has 4 channels", IllegalArgumentException.class,
                () -> kept(network, (net, group, calibration) -> new double[1]));
        assertMessage("channel 0 of layer1.0.conv1 is NaN", IllegalArgumentException.class,
                () -> kept(network, (net, group, calibration) -> IntStream.range(0, group.width()).mapToDouble(i -> Double.NaN).toArray()));
        assertMessage("this criterion looks at data, but got none", IllegalStateException.class, () -> kept(network, new Taylor()));
    }

    @Test
    void channelsOfAllLayersAreComparedGlobally() {
        Network network = withFirstFilters(filter(100), filter(100), filter(100), filter(100));
        TargetPlan plan = TargetPlan.of(TargetPlan.Cost.PARAMETERS, .7).globally();
        List<int[]> kept = Pruning.kept(network, plan, new L1Norm());
        assertEquals(4, kept.get(0).length);
        assertTrue(Pruning.prune(network, plan, new L1Norm()).architecture().parameters() <= .7 * network.architecture().parameters());
    }

    private static void assertMessage(String part, Class<? extends Exception> kind, org.junit.jupiter.api.function.Executable action) {
        String message = assertThrows(kind, action).getMessage();
        assertTrue(message.contains(part), message);
    }

    private static int[] kept(Network network, Criterion criterion) {
        return Pruning.kept(network, HALF, criterion).get(0);
    }

    private static Network withFirstFilters(float[]... filters) {
        Network initial = Initial.network(CifarResNet.dense(8, List.of(4, 8, 16), 3, 10, Shortcut.SUBSAMPLE), 1);
        return new Network(initial.architecture(), initial.weights().with(Map.of("layer1.0.conv1.weight", Tensor.of(concat(filters), 4, 4, 3, 3))));
    }

    private static float[] filter(float weight) {
        float[] filter = new float[4 * 3 * 3];
        Arrays.fill(filter, weight);
        return filter;
    }

    /** l1 norm 9, less than 36 times .5; squared norm 81, more than 36 times .25. */
    private static float[] single(float weight) {
        float[] filter = new float[4 * 3 * 3];
        filter[7] = weight;
        return filter;
    }

    private static float[] concat(float[]... parts) {
        float[] all = new float[parts.length * parts[0].length];
        for (int i = 0; i < parts.length; i++) {
            System.arraycopy(parts[i], 0, all, i * parts[i].length, parts[i].length);
        }
        return all;
    }
}
