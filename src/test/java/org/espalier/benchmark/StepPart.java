package org.espalier.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.espalier.model.Architecture;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Vgg;
import org.espalier.prune.Plan;
import org.espalier.prune.Pruning;
import org.espalier.prune.criteria.L1Norm;

/** Training steps of a dense network and of its pruned versions, on both sides, in the same rounds. */
final class StepPart {
    private static final String SPEED = "A training step against PyTorch";
    private static final List<String> SPEED_HEAD = List.of("network", "Espalier img/s", "spread", "of peak", "PyTorch", "img/s", "times as fast", "spread");
    private static final String PRUNED = "Pruned networks against the dense one";
    private static final List<String> PRUNED_HEAD = List.of("network", "MACs, dense / pruned", "faster", "spread", "of what the MACs promise");

    private final Bench bench;
    private final Part part;
    private final Workload dense;
    private final List<Workload> pruned = new ArrayList<>();

    private StepPart(Bench bench, Part part, String name, Architecture architecture, int steps, List<String> plans) {
        this.bench = bench;
        this.part = part;
        boolean quick = bench.options().quick();
        int batch = Math.min(bench.options().batch(), architecture.imageSize() > 100 ? 16 : 128);
        dense = new Workload(name, Initial.network(architecture, 1), batch, bench.steps(quick ? 2 : steps));
        for (String plan : plans) {
            pruned.add(dense.withNetwork(plan, pruned(dense.network(), plan)));
        }
    }

    static void run(Bench bench, Part part) {
        StepPart steps = switch (part) {
            case RESNET_56 -> new StepPart(bench, part, "ResNet-56", CifarResNet.of(56, 10), 3, List.of("R56-B", "R56-C", "R56-D"));
            case RESNET_110 -> new StepPart(bench, part, "ResNet-110", CifarResNet.of(110, 10), 2, List.of("R110-D"));
            case RESNET_20 -> new StepPart(bench, part, "ResNet-20", CifarResNet.of(20, 10), 6, List.of());
            case VGG_16 -> new StepPart(bench, part, "VGG-16", Vgg.of(10), 2, List.of("VGG-A", "VGG-C"));
            case RESNET_18 -> new StepPart(bench, part, "ResNet-18", Architecture.parse("resnet-18"), 3, List.of("R18-D"));
            case RESNET_50 -> new StepPart(bench, part, "ResNet-50", Architecture.parse("resnet-50"), 2, List.of("R50-Taylor72"));
            case MOBILENET_V2 -> new StepPart(bench, part, "MobileNetV2", Architecture.parse("mobilenet-v2"), 3, List.of());
            default -> throw new IllegalArgumentException(part + " is no training step");
        };
        steps.run();
    }

    static Network pruned(Network dense, String plan) {
        return Pruning.prune(dense, Plan.parse(plan), new L1Norm());
    }

    private void run() {
        List<Supplier<Contender>> contenders = new ArrayList<>();
        contenders.add(() -> OurTraining.steps(dense, Bench.rule(dense)));
        for (Peer peer : bench.peers()) {
            for (String layout : layouts(peer)) {
                contenders.add(() -> bench.compared(dense, PeerTraining.steps(peer, dense, layout, bench.folder())));
            }
        }
        for (Workload small : pruned) {
            contenders.add(() -> OurTraining.steps(small, Bench.rule(small)));
            bench.peers().stream().limit(1).forEach(peer ->
                    contenders.add(() -> bench.compared(small, PeerTraining.steps(peer, small, "channels-last", bench.folder()))));
        }
        Alternation.Outcome outcome = bench.race(part, contenders);
        compare(outcome, dense);
        pruned.forEach(small -> compare(outcome, small));
        pruned.forEach(small -> gain(outcome, small));
        bench.report().note(SPEED, String.format(Locale.ROOT, "%s: batch %d, %d rounds of %d steps; those who waited used %s of a processor.", part,
                dense.batch(), bench.options().rounds(), dense.steps(), Report.percent(outcome.idleLoad())));
    }

    /** With our settings, PyTorch's faster layout only. */
    private static List<String> layouts(Peer peer) {
        return peer.label().isEmpty() ? List.of("contiguous", "channels-last") : List.of("channels-last");
    }

    private void compare(Alternation.Outcome outcome, Workload work) {
        Measured ours = outcome.of(our(work));
        Measured speed = ours.perSecond(work.batch());
        String ofPeak = Report.percent(speed.median() * work.operationsPerImage() / 1e9 / bench.machine().product().median());
        boolean any = false;
        for (Peer peer : bench.peers()) {
            for (String layout : layouts(peer)) {
                String name = PeerTraining.name(peer, work, layout);
                if (outcome.has(name)) {
                    any = true;
                    Measured theirs = outcome.of(name);
                    Measured ratio = theirs.over(ours);
                    bench.report().row(SPEED, SPEED_HEAD, work.name(), Report.rate(speed), Report.spread(speed), ofPeak,
                            name.substring(name.indexOf("PyTorch") + 8), Report.rate(theirs.perSecond(work.batch())), Report.ratio(ratio), Report.spread(ratio));
                }
            }
        }
        if (!any) {
            bench.report().row(SPEED, SPEED_HEAD, work.name(), Report.rate(speed), Report.spread(speed), ofPeak, "not measured", "", "", "");
        }
    }

    private void gain(Alternation.Outcome outcome, Workload small) {
        Measured faster = outcome.of(our(dense)).over(outcome.of(our(small)));
        double macs = dense.operationsPerImage() / small.operationsPerImage();
        bench.report().row(PRUNED, PRUNED_HEAD, small.name(), Report.number(macs), Report.ratio(faster), Report.spread(faster), Report.percent(faster.median() / macs));
    }

    private String our(Workload work) {
        return work.name() + " " + OurTraining.name(Bench.rule(work));
    }
}
