package org.espalier.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.espalier.model.Architecture;
import org.espalier.model.Initial;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Shortcut;
import org.espalier.model.families.Vgg;
import org.espalier.prune.criteria.L1Norm;
import org.espalier.prune.plans.StagePlan;
import org.espalier.prune.plans.UniformPlan;
import org.espalier.prune.plans.WidthsPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Golden values that were recomputed from the paper's code; those with a comment there equal it. */
    @ParameterizedTest
    @CsvSource({
        "resnet-18, R18-C, 10136596, 1588055552", "resnet-18, R18-D, 9868580, 1464095744", "resnet-18, R18-E, 7960952, 1282333184",
        "resnet-18, R18-F, 5775424, 955386368", "resnet-18, R18-G, 3575484, 616472576",
        "resnet-34, R34-A, 20151764, 3100184576", "resnet-34, R34-B, 19469372, 2782269440", "resnet-34, R34-C, 14938536, 2536607744",
        "resnet-34, R34-D, 13735148, 2162696192", "resnet-34, R34-Taylor, 16865716, 2661244928", "resnet-34, R34-FPGM, 16446284, 2640697856",
        "resnet-50, R50-GAL0.5, 21105070, 3348769315", "resnet-50, R50-GAL1, 14532769, 2187045563", "resnet-50, R50-Taylor91, 22420635, 3546864016",
        "resnet-50, R50-Taylor81, 17913255, 2821258835", "resnet-50, R50-Taylor72, 14229642, 2170543000",
        "resnet-50, R50-Taylor56, 7961423, 1090337216", "resnet-50, R50-DCP30, 16945246, 2601392356", "resnet-50, R50-DCP50, 12381864, 1822031872",
        "resnet-50, R50-DCP70, 8665318, 1166283835", "resnet-50, R50-FPGM30, 16945246, 2601392356", "resnet-50, R50-FPGM40, 14532769, 2187045563",
        "resnet-50, R50-HRankPlus15.09, 14987634, 2354270019", "resnet-50, R50-HRankPlus11.05, 11004777, 1613953715",
        "resnet-50, R50-EagleEye50, 13403078, 1996734267", "resnet-50, R50-EagleEye25, 7391609, 979735396",
        "resnet-50, R50-Provable18.01, 20931915, 3339535020", "resnet-50, R50-Provable44.04, 14229642, 2170543000"})
    void theImageNetPlansLeaveExactlyTheirParametersAndMacs(String network, String plan, long parameters, long macs) {
        Architecture dense = Architecture.parse(network);
        Architecture pruned = dense.withWidths(Plan.parse(plan).kept(dense));
        assertEquals(parameters, pruned.parameters());
        assertEquals(macs, pruned.macs(224, 224));
    }

    @Test
    void iterativeRoundsTakeFromWhatIsLeft() {
        Architecture network = CifarResNet.of(56, 10);
        for (double removed : new double[] {19.0, 35.6, 48.0, 58.4, 66.4, 72.6, 78.8, 83.9}) {
            network = network.withWidths(Plan.parse("R56-I").kept(network));
            assertEquals(removed, 100 - 100. * network.parameters() / CifarResNet.of(56, 10).parameters(), .05);
        }
        assertEquals(List.of(5, 6, 9), network.widths().stream().distinct().toList());
    }

    @Test
    void aTargetIsMetByTheLargestNetworkThatMeetsIt() {
        Architecture dense = CifarResNet.of(56, 10);
        Architecture half = dense.withWidths(Plan.parse("macs(0.5)").kept(dense));
        assertTrue(half.macs(32, 32) <= dense.macs(32, 32) / 2 && half.macs(32, 32) > .45 * dense.macs(32, 32));
        Architecture wide = dense.withWidths(Plan.parse("parameters(0.6,floor=0.5)").kept(dense));
        assertTrue(wide.parameters() <= .6 * dense.parameters() && wide.widths().stream().allMatch(width -> width >= 8));
        assertMessage("can't be met by cifar-resnet-56", () -> Plan.parse("macs(0.2,floor=0.5)").kept(dense));
        assertMessage("needs a network and a criterion", () -> Plan.parse("macs(0.5,global)").kept(dense));
        for (String text : List.of("macs(0.5)", "parameters(0.25,global,floor=0.1,ceiling=0.9)", "widths(27*8)")) {
            assertEquals(text, Plan.parse(text).text());
        }
    }

    @Test
    void aNamedPlanIsForTheDenseNetworkAlone() {
        Architecture dense = CifarResNet.of(56, 10);
        Architecture pruned = dense.withWidths(Plan.parse("R56-B").kept(dense));
        assertMessage("it was pruned already", () -> Plan.parse("R56-B").kept(pruned));
        assertMessage("for the dense cifar-resnet-56", () -> Plan.parse("R56-B").kept(Architecture.parse("cifar-resnet-56 stages=32,64,128")));
        assertEquals(pruned.widths(), WidthsPlan.of(pruned).kept(dense));
    }

    @Test
    void theCostOfAPooledNetworkCountsWholePixels() {
        assertEquals(205_387_776, Vgg.of(10).withChannels(1).macs(28, 28));
    }

    @Property
    void aUniformPlanKeepsAtLeastOneFilterAndNeverMoreThanThereAre(@ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double ratio) {
        CifarResNet dense = CifarResNet.of(20, 10);
        var kept = new UniformPlan(ratio).kept(dense);
        for (int i = 0; i < kept.size(); i++) {
            assertTrue(kept.get(i) >= 1 && kept.get(i) <= dense.widths().get(i));
        }
    }

    @Test
    void everyPlanReadsBackFromItsText() {
        Plan.named().forEach((name, plan) -> assertEquals(plan, Plan.parse(plan.text())));
        assertEquals(new UniformPlan(.5), Plan.parse("uniform(0.5)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cifar-resnet-20", "cifar-bottleneck-8", "densenet-10", "mobilenet-v2 classes=10", "vgg-16", "resnet-18"})
    void aUniformPlanOverAllPrunesSumsOfBlocksToo(String text) {
        Plan all = Plan.parse("uniform(0.5,all)");
        assertEquals("uniform(0.5,all)", all.text());
        Architecture dense = Architecture.parse(text);
        Architecture left = Pruning.prune(Initial.network(dense, 1), all, new L1Norm()).architecture();
        assertEquals(dense.groups().stream().map(group -> Math.max(1, group.width() / 2)).toList(), left.groups().stream().map(ChannelGroup::width).toList());
        assertEquals(all.pruned(dense), left);
        assertTrue(left.parameters() <= Plan.parse("uniform(0.5)").pruned(dense).parameters());
    }

    @Test
    void aUniformPlanOverAllIsRefusedWhereOnlyPrunableGroupsGo() {
        var net = Initial.network(CifarResNet.of(8, 10).withShortcut(Shortcut.PROJECTION), 1);
        assertMessage("prunes all groups of channels", () -> Pruning.kept(net, Plan.parse("uniform(0.5,all)"), new L1Norm()));
        assertMessage("'uniform(0.5,most)' is no plan", () -> Plan.parse("uniform(0.5,most)"));
        assertMessage("'uniform(0.5,all,all)' is no plan", () -> Plan.parse("uniform(0.5,all,all)"));
        assertMessage("a number stands between the brackets", () -> Plan.parse("uniform(all)"));
        assertMessage("1.0", () -> Plan.parse("uniform(1.0,all)"));
        assertEquals("uniform(0.5)", Plan.parse("uniform(0.5)").text());
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
        assertMessage("widths for 2 layers", () -> new WidthsPlan("own", "cifar-resnet-8", List.of(3, 4)).kept(net));
        assertMessage("keeps 0 filters", () -> new WidthsPlan("own", "cifar-resnet-8", List.of(3, 0, 4)));
        assertMessage("ratios for 1 stages", () -> new StagePlan("own", "cifar-resnet-8", List.of(.5), Set.of(), StagePlan.Rounds.ONE_SHOT).kept(net));
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
