package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.espalier.data.MemoryFormat;
import org.espalier.engine.Execution;
import org.espalier.model.Architecture;
import org.espalier.model.Network;
import org.espalier.model.SameFunction;
import org.espalier.model.channels.ChannelRemoval;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Shortcut;
import org.espalier.model.families.Vgg;
import org.espalier.prune.Plan;
import org.espalier.prune.Pruning;
import org.espalier.prune.criteria.RandomScore;

/** A pruned network is the masked one, and a padded network is the unpadded one: what they put out, and what they learn. */
class EquivalenceTest {
    private static final Execution PLAIN = new Execution.WholeBatch(MemoryFormat.CONTIGUOUS, 1);
    private static final Execution FAST = new Execution.Sharded(true);

    @Property(tries = 8)
    void aPrunedNetworkIsTheMaskedOneBeforeAndAfterFiveSteps(@ForAll("plans") Plan plan, @ForAll long seed) {
        equivalent(plan, seed);
    }

    @Example
    void aPrunedVggIsTheMaskedOneBeforeAndAfterFiveSteps() {
        equivalent(Plan.parse("VGG-A"), 5);
    }

    private static void equivalent(Plan plan, long seed) {
        Network dense = Steps.random(networkOf(plan), seed);
        List<int[]> kept = Pruning.kept(dense, plan, new RandomScore(seed));
        Network pruned = ChannelRemoval.keep(dense, kept);
        Network masked = SameFunction.masked(dense, kept);
        Execution fast = FAST.obstacle(Device.cpu(), pruned.architecture()).isEmpty() ? FAST : new Execution.WholeBatch(MemoryFormat.CHANNELS_LAST, 8);
        assertClose(Steps.logits(masked, PLAIN, 4, seed), Steps.logits(pruned, fast, 4, seed));
        Network prunedLater = Steps.trained(pruned, fast, 5, seed);
        Network maskedLater = Steps.trained(masked, PLAIN, 5, seed);
        assertClose(Steps.logits(maskedLater, PLAIN, 4, seed), Steps.logits(prunedLater, fast, 4, seed));
    }

    @Property(tries = 3)
    void paddingAndLayoutChangeNoOutput(@ForAll("architectures") Architecture architecture, @ForAll long seed) {
        Network network = Steps.random(architecture, seed);
        float[] plain = Steps.logits(network, PLAIN, 3, seed);
        for (Execution execution : List.of(FAST, new Execution.Sharded(false), new Execution.WholeBatch(MemoryFormat.CHANNELS_LAST, 1),
                new Execution.WholeBatch(MemoryFormat.CONTIGUOUS, 16), new Execution.WholeBatch(MemoryFormat.CHANNELS_LAST, 32))) {
            if (execution.obstacle(Device.cpu(), architecture).isEmpty()) {
                assertClose(plain, Steps.logits(network, execution, 3, seed));
            }
        }
    }

    @Property(tries = 1)
    void filtersAddedForSpeedStayExactlyZeroOverHundredsOfSteps(@ForAll long seed) {
        staysZero(new Execution.WholeBatch(MemoryFormat.CHANNELS_LAST, 1), seed);
        staysZero(FAST, seed);
    }

    private static void staysZero(Execution execution, long seed) {
        List<Integer> widths = List.of(24, 24, 24);
        CifarResNet small = CifarResNet.dense(8, widths, 3, 10, Shortcut.SUBSAMPLE).withWidths(List.of(3, 5, 6));
        Network padded = SameFunction.padded(Steps.random(small, seed), widths);
        Network later = Steps.trained(padded, execution, 300, seed);
        Network cut = ChannelRemoval.keep(later, List.of(new int[] {0, 1, 2}, new int[] {0, 1, 2, 3, 4}, new int[] {0, 1, 2, 3, 4, 5}));
        later.architecture().shapes().keySet().stream().filter(name -> !name.endsWith("running_var"))
                .forEach(name -> assertEquals(SameFunction.padded(cut, widths).weights().get(name), later.weights().get(name), name));
        assertTrue(!cut.weights().equals(ChannelRemoval.keep(padded, List.of(new int[] {0, 1, 2}, new int[] {0, 1, 2, 3, 4}, new int[] {0, 1, 2, 3, 4, 5})).weights()));
    }

    @Provide
    Arbitrary<Plan> plans() {
        return Arbitraries.of("R20-A", "R20-B", "R20-C", "R20-D", "R56-A", "R56-B", "R56-D", "R110-B", "uniform(0.7)", "uniform(0.99)")
                .map(Plan::parse);
    }

    @Provide
    Arbitrary<Architecture> architectures() {
        return Arbitraries.of(CifarResNet.of(8, 10).withWidths(List.of(3, 17, 40)), CifarResNet.of(20, 10).withShortcut(Shortcut.AVERAGE),
                CifarResNet.of(20, 10), Vgg.of(10));
    }

    private static Architecture networkOf(Plan plan) {
        return plan.text().startsWith("R56") ? CifarResNet.of(56, 10) : plan.text().startsWith("R110") ? CifarResNet.of(110, 10)
                : plan.text().startsWith("VGG") ? Vgg.of(10) : CifarResNet.of(20, 10);
    }

    private static void assertClose(float[] expected, float[] actual) {
        double scale = 1;
        for (float value : expected) {
            scale = Math.max(scale, Math.abs(value));
        }
        assertArrayEquals(expected, actual, (float) (1e-4 * scale));
    }
}
