package org.espalier.prune.plans;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.prune.Plan;

/** The plans of the paper's experiments, from the configurations of its code, and our counterparts for ResNet-20. */
final class PaperPlans {
    private static final String R20 = "cifar-resnet-20";
    private static final String R56 = "cifar-resnet-56";
    private static final String R110 = "cifar-resnet-110";
    static final Map<String, Plan> BY_NAME = all();

    private PaperPlans() {
    }

    private static Map<String, Plan> all() {
        Map<String, Plan> plans = new LinkedHashMap<>();
        Integer[] dense56 = {16, 18, 20, 34, 38, 54};
        stages(plans, "R56-A", R56, List.of(.1, .1, .1), 16, 20, 38, 54);
        stages(plans, "R56-B", R56, List.of(.6, .3, .1), dense56);
        stages(plans, "R56-C", R56, List.of(.6, .5, .4), dense56);
        stages(plans, "R56-D", R56, List.of(.6, .6, .6), dense56);
        rounds(plans, "R56-I", R56, List.of(.1, .15, .2));
        Integer[] dense110 = {36, 38, 74};
        stages(plans, "R110-A", R110, List.of(.5, 0., 0.), 36);
        stages(plans, "R110-B", R110, List.of(.5, .4, .3), dense110);
        stages(plans, "R110-C", R110, List.of(.5, .5, .5), dense110);
        stages(plans, "R110-D", R110, List.of(.5, .6, .7), dense110);
        rounds(plans, "R110-I", R110, List.of(.1, .15, .2));
        // Not in the paper: ResNet-56's ratios. Dense are the blocks that open stages 2 and 3 and the last one, which every plan of ResNet-56 spares.
        Integer[] dense20 = {8, 14, 18};
        stages(plans, "R20-A", R20, List.of(.1, .1, .1), dense20);
        stages(plans, "R20-B", R20, List.of(.6, .3, .1), dense20);
        stages(plans, "R20-C", R20, List.of(.6, .5, .4), dense20);
        stages(plans, "R20-D", R20, List.of(.6, .6, .6), dense20);
        widths(plans, "VGG-A", List.of(32, 64, 128, 128, 256, 256, 256, 256, 256, 256, 256, 256, 256));
        widths(plans, "VGG-B", List.of(32, 64, 128, 128, 196, 196, 196, 196, 196, 256, 256, 256, 256));
        widths(plans, "VGG-C", List.of(32, 64, 64, 128, 128, 128, 128, 196, 196, 196, 196, 196, 196));
        imageNet(plans);
        return Map.copyOf(plans);
    }

    /** From res18prune.py, res34prune.py and residual_prune.py. */
    private static void imageNet(Map<String, Plan> plans) {
        stages(plans, "R18-C", "resnet-18", List.of(.1, .1, .2, .3), 16);
        stages(plans, "R18-D", "resnet-18", List.of(.2, .2, .3, .3), 16);
        stages(plans, "R18-E", "resnet-18", List.of(.3, .3, .3, .35));
        stages(plans, "R18-F", "resnet-18", List.of(.5, .5, .5, .55));
        stages(plans, "R18-G", "resnet-18", List.of(.7, .7, .7, .75));
        Integer[] dense34 = {2, 8, 14, 16, 26, 28, 30, 32};
        stages(plans, "R34-A", "resnet-34", List.of(.3, .3, .3, 0.), dense34);
        stages(plans, "R34-B", "resnet-34", List.of(.5, .6, .4, 0.), dense34);
        stages(plans, "R34-C", "resnet-34", List.of(.5, .5, .5, .5), 2, 8, 14, 16, 26, 32);
        stages(plans, "R34-D", "resnet-34", List.of(.4, .4, .5, .5), 32);
        stages(plans, "R34-Taylor", "resnet-34", List.of(.3, .3, .3, .3), 32);
        stages(plans, "R34-FPGM", "resnet-34", List.of(.3, .3, .3, .35), 32);
        resNet50(plans, "GAL0.5", .14, .15);
        resNet50(plans, "GAL1", .4, .4);
        resNet50(plans, "Taylor91", .1, .1);
        resNet50(plans, "Taylor81", .25, .27);
        resNet50(plans, "Taylor72", .4, .42);
        stages(plans, "R50-Taylor56", "resnet-50", List.of(.7, .7, .75, .75));
        resNet50(plans, "DCP30", .3, .3);
        resNet50(plans, "DCP50", .5, .5);
        resNet50(plans, "DCP70", .7, .7);
        resNet50(plans, "FPGM30", .3, .3);
        resNet50(plans, "FPGM40", .4, .4);
        resNet50(plans, "HRankPlus15.09", .35, .4);
        resNet50(plans, "HRankPlus11.05", .55, .58);
        resNet50(plans, "EagleEye50", .45, .45);
        resNet50(plans, "EagleEye25", .76, .8);
        resNet50(plans, "Provable18.01", .14, .16);
        resNet50(plans, "Provable44.04", .4, .42);
    }

    private static void stages(Map<String, Plan> plans, String name, String network, List<Double> ratios, Integer... dense) {
        plans.put(name, new StagePlan(name, network, ratios, Set.of(dense), StagePlan.Rounds.ONE_SHOT));
    }

    private static void rounds(Map<String, Plan> plans, String name, String network, List<Double> ratios) {
        plans.put(name, new StagePlan(name, network, ratios, Set.of(), StagePlan.Rounds.ITERATIVE));
    }

    private static void widths(Map<String, Plan> plans, String name, List<Integer> widths) {
        plans.put(name, new WidthsPlan(name, "vgg-16", widths));
    }

    /** One ratio for the first three stages, another for the last. */
    private static void resNet50(Map<String, Plan> plans, String name, double first, double last) {
        stages(plans, "R50-" + name, "resnet-50", List.of(first, first, first, last));
    }
}
