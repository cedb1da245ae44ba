package org.espalier.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import java.util.List;
import java.util.Set;
import org.espalier.model.Architecture;
import org.espalier.model.CifarResNet;
import org.espalier.model.Vgg;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes and costs of the paper's plans, as its configurations and PFEC's published reductions have them. */
class PlanTest {

    @ParameterizedTest
    @CsvSource({"56, 853018, 125.49", "110, 1727962, 252.89"})
    void denseResNetsHaveTheirPublishedSizes(int depth, long parameters, double millionMacs) {
        CifarResNet dense = CifarResNet.of(depth, 10);
        assertEquals(parameters, dense.parameters());
        assertEquals(millionMacs, dense.macs(32, 32) / 1e6, .005);
    }

    @ParameterizedTest
    @CsvSource({
        "R56-A, 773336, 112.44, 779186", "R56-B, 735712, 90.91, 741562", "R56-C, 557954, 74.91, 563804", "R56-D, 436756, 64.07, 442606",
        "R110-A, 1688522, 212.78, 1694372", "R110-B, 1168424, 155.12, 1174274", "R110-C, 903530, 132.56, 909380", "R110-D, 609192, 106.24, 615042",
        "VGG-A, 5397034, 206.28, 5443204", "VGG-B, 4212754, 160.59, 4258924", "VGG-C, 2637482, 95.31, 2683652"})
    void thePaperPlansLeaveExactlyTheirParametersAndMacs(String name, long parameters, double millionMacs, long parametersCifar100) {
        Architecture pruned = pruned(name, 10);
        assertEquals(parameters, pruned.parameters());
        assertEquals(millionMacs, pruned.macs(32, 32) / 1e6, .005);
        assertEquals(parametersCifar100, pruned(name, 100).parameters());
    }

    @Test
    void theCostOfAPooledNetworkCountsWholePixels() {
        assertEquals(205_387_776, Vgg.of(10).withChannels(1).macs(28, 28));
    }

    @Property
    void aUniformPlanKeepsAtLeastOneFilterAndNeverMoreThanThereAre(@ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double ratio) {
        CifarResNet dense = CifarResNet.of(20, 10);
        var kept = new Plan.Uniform(ratio).kept(dense);
        for (int i = 0; i < kept.size(); i++) {
            assertTrue(kept.get(i) >= 1 && kept.get(i) <= dense.widths().get(i));
        }
    }

    @Test
    void everyPlanReadsBackFromItsText() {
        Plan.named().forEach((name, plan) -> assertEquals(plan, Plan.parse(plan.text())));
        assertEquals(new Plan.Uniform(.5), Plan.parse("uniform(0.5)"));
    }

    @Test
    void badPlansAreNamed() {
        assertMessage("1.0", () -> Plan.parse("uniform(1.0)"));
        assertMessage("-0.1", () -> Plan.parse("uniform(-0.1)"));
        assertMessage("NaN", () -> Plan.parse("uniform(NaN)"));
        assertMessage("uniform(half)", () -> Plan.parse("uniform(half)"));
        assertMessage("R56-A", () -> Plan.parse("R56-X"));
        assertMessage("cifar-resnet-56, not for cifar-resnet-20", () -> Plan.parse("R56-B").kept(CifarResNet.of(20, 10)));
        var net = CifarResNet.of(8, 10);
        assertMessage("widths for 2 layers", () -> new Plan.Widths("own", "cifar-resnet-8", List.of(3, 4)).kept(net));
        assertMessage("keeps 0 filters", () -> new Plan.Widths("own", "cifar-resnet-8", List.of(3, 0, 4)));
        assertMessage("ratios for 1 stages", () -> new Plan.PerStage("own", "cifar-resnet-8", List.of(.5), Set.of()).kept(net));
        assertMessage("made for vgg-16", () -> Plan.parse("VGG-A").kept(CifarResNet.of(56, 10)));
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable action) {
        String message = assertThrows(IllegalArgumentException.class, action).getMessage();
        assertTrue(message.contains(part), message);
    }

    private static Architecture pruned(String name, int classes) {
        Architecture dense = name.startsWith("VGG") ? Vgg.of(classes) : CifarResNet.of(name.startsWith("R56") ? 56 : 110, classes);
        return dense.withWidths(Plan.parse(name).kept(dense));
    }
}
