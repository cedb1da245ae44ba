package org.espalier.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.espalier.model.Initial;
import org.espalier.model.families.CifarResNet;

/** Whole epochs with random crops and flips: Espalier's training against a loader with worker processes, with the loss read at every step. */
final class EpochPart {
    private static final String SPEED = "An epoch with augmentation against a PyTorch loader";
    private static final List<String> SPEED_HEAD = List.of("network", "images", "Espalier s", "PyTorch s", "times as fast", "spread");
    private static final String DATA = "What the data cost in an epoch";
    private static final List<String> DATA_HEAD = List.of("network", "epoch s", "all its batches s", "share", "putting the images there, once, s");

    private EpochPart() {
    }

    static void run(Bench bench) {
        for (int depth : bench.options().quick() ? new int[] {20} : new int[] {20, 56}) {
            boolean quick = bench.options().quick();
            run(bench, new Workload("ResNet-" + depth, Initial.network(CifarResNet.of(depth, 10), 1), quick ? 64 : 128, bench.steps(quick ? 4 : 20)));
        }
        bench.report().note(SPEED, String.format(Locale.ROOT, "PyTorch: contiguous, %d worker processes that stay alive between epochs.", bench.options().workers()));
    }

    private static void run(Bench bench, Workload work) {
        OurBatches batches = new OurBatches(work, Bench.rule(work));
        List<Supplier<Contender>> contenders = new ArrayList<>();
        contenders.add(() -> OurTraining.epoch(work, Bench.rule(work)));
        bench.peers().stream().limit(1).forEach(peer ->
                contenders.add(() -> bench.compared(work, PeerTraining.epoch(peer, work, "contiguous", bench.options().workers(), bench.folder()))));
        contenders.add(() -> batches);
        Alternation.Outcome outcome = bench.race(Part.EPOCH, contenders);
        Measured ours = outcome.of(work.name() + " " + OurTraining.name(Bench.rule(work)));
        int images = work.batch() * work.steps();
        if (bench.peers().isEmpty()) {
            bench.report().row(SPEED, SPEED_HEAD, work.name(), images, Report.number(ours.median()), "not measured", "", "");
        } else {
            Measured theirs = outcome.of(PeerTraining.name(bench.peers().get(0), work, "contiguous"));
            Measured ratio = theirs.over(ours);
            bench.report().row(SPEED, SPEED_HEAD, work.name(), images, Report.number(ours.median()), Report.number(theirs.median()), Report.ratio(ratio),
                    Report.spread(ratio));
        }
        Measured data = outcome.of(batches.name());
        bench.report().row(DATA, DATA_HEAD, work.name(), Report.number(ours.median()), Report.number(data.median()), Report.percent(data.over(ours).median()),
                Report.number(batches.placingSeconds()));
    }
}
