package org.espalier.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.espalier.model.Architecture;
import org.espalier.model.Initial;

/** Images a second in evaluation mode: an {@link org.espalier.train.Evaluation} like any other against PyTorch under inference mode. */
final class EvaluationPart {
    private static final String TITLE = "Evaluation against PyTorch";
    private static final List<String> HEAD = List.of("network", "Espalier img/s", "spread", "PyTorch", "img/s", "times as fast", "spread");

    private EvaluationPart() {
    }

    static void run(Bench bench) {
        boolean quick = bench.options().quick();
        for (String network : quick ? List.of("cifar-resnet-20") : List.of("cifar-resnet-56", "vgg-16", "resnet-50")) {
            Architecture architecture = Architecture.parse(network);
            int batch = Math.min(bench.options().batch() * 2, architecture.imageSize() > 100 ? 32 : 250);
            run(bench, new Workload(network + " evaluated", Initial.network(architecture, 1), batch, bench.steps(2)));
        }
    }

    private static void run(Bench bench, Workload work) {
        List<Supplier<Contender>> contenders = new ArrayList<>(List.of(() -> new OurEvaluation(work)));
        for (Peer peer : bench.peers()) {
            contenders.add(() -> PeerTraining.evaluation(peer, work, "channels-last", bench.folder()));
        }
        Alternation.Outcome outcome = bench.race(Part.EVALUATION, contenders);
        Measured ours = outcome.of(OurEvaluation.name(work));
        for (Peer peer : bench.peers()) {
            String name = PeerTraining.name(peer, work, "channels-last");
            Measured theirs = outcome.of(name);
            Measured ratio = theirs.over(ours);
            bench.report().row(TITLE, HEAD, work.network().architecture().text(), Report.rate(ours.perSecond(work.batch())), Report.spread(ours.perSecond(work.batch())),
                    name.substring(name.indexOf("PyTorch") + 8), Report.rate(theirs.perSecond(work.batch())), Report.ratio(ratio), Report.spread(ratio));
        }
        bench.report().note(TITLE, String.format(Locale.ROOT, "%s: batches of %d.", work.network().architecture().text(), work.batch()));
    }
}
