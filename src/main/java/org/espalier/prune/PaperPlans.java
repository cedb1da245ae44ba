package org.espalier.prune;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The plans of the paper's CIFAR experiments, from the configurations of its code, and our counterparts for ResNet-20. */
final class PaperPlans {
    static final Map<String, Plan> BY_NAME = all();

    private PaperPlans() {
    }

    private static Map<String, Plan> all() {
        Map<String, Plan> plans = new LinkedHashMap<>();
        Set<Integer> dense56 = Set.of(16, 18, 20, 34, 38, 54);
        stages(plans, "R56-A", 56, List.of(.1, .1, .1), Set.of(16, 20, 38, 54));
        stages(plans, "R56-B", 56, List.of(.6, .3, .1), dense56);
        stages(plans, "R56-C", 56, List.of(.6, .5, .4), dense56);
        stages(plans, "R56-D", 56, List.of(.6, .6, .6), dense56);
        Set<Integer> dense110 = Set.of(36, 38, 74);
        stages(plans, "R110-A", 110, List.of(.5, 0., 0.), Set.of(36));
        stages(plans, "R110-B", 110, List.of(.5, .4, .3), dense110);
        stages(plans, "R110-C", 110, List.of(.5, .5, .5), dense110);
        stages(plans, "R110-D", 110, List.of(.5, .6, .7), dense110);
        // Not in the paper: ResNet-56's ratios. Dense are the blocks that open stages 2 and 3 and the last one, which every plan of ResNet-56 spares.
        Set<Integer> dense20 = Set.of(8, 14, 18);
        stages(plans, "R20-A", 20, List.of(.1, .1, .1), dense20);
        stages(plans, "R20-B", 20, List.of(.6, .3, .1), dense20);
        stages(plans, "R20-C", 20, List.of(.6, .5, .4), dense20);
        stages(plans, "R20-D", 20, List.of(.6, .6, .6), dense20);
        widths(plans, "VGG-A", List.of(32, 64, 128, 128, 256, 256, 256, 256, 256, 256, 256, 256, 256));
        widths(plans, "VGG-B", List.of(32, 64, 128, 128, 196, 196, 196, 196, 196, 256, 256, 256, 256));
        widths(plans, "VGG-C", List.of(32, 64, 64, 128, 128, 128, 128, 196, 196, 196, 196, 196, 196));
        return Map.copyOf(plans);
    }

    private static void stages(Map<String, Plan> plans, String name, int depth, List<Double> ratios, Set<Integer> dense) {
        plans.put(name, new Plan.PerStage(name, "cifar-resnet-" + depth, ratios, dense));
    }

    private static void widths(Map<String, Plan> plans, String name, List<Integer> widths) {
        plans.put(name, new Plan.Widths(name, "vgg-16", widths));
    }
}
