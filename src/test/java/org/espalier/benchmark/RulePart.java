package org.espalier.benchmark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.espalier.data.MemoryFormat;
import org.espalier.engine.device.Devices;
import org.espalier.engine.Execution;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Vgg;

/** Does the rule of {@link Execution#on} pick the fastest layout and padding? Every one of them is measured, for dense and pruned widths. */
final class RulePart {
    private static final String TITLE = "Layouts and paddings: training, img/s";
    private static final int[] MULTIPLES = {1, 8, 16};

    private RulePart() {
    }

    static void run(Bench bench) {
        boolean quick = bench.options().quick();
        Network r20 = Initial.network(CifarResNet.of(20, 10), 1);
        Network r56 = Initial.network(CifarResNet.of(56, 10), 1);
        Network vgg = Initial.network(Vgg.of(10), 1);
        int batch = quick ? 32 : 128;
        List<Workload> works = quick
                ? List.of(new Workload("ResNet-20", r20, batch, 2), new Workload("R20-D", StepPart.pruned(r20, "R20-D"), batch, 2))
                : List.of(new Workload("ResNet-56", r56, batch, bench.steps(2)), new Workload("R56-B", StepPart.pruned(r56, "R56-B"), batch, bench.steps(2)),
                        new Workload("R56-C", StepPart.pruned(r56, "R56-C"), batch, bench.steps(2)), new Workload("R56-D", StepPart.pruned(r56, "R56-D"), batch, bench.steps(2)),
                        new Workload("R20-D", StepPart.pruned(r20, "R20-D"), batch, bench.steps(6)), new Workload("VGG-C", StepPart.pruned(vgg, "VGG-C"), batch, bench.steps(3)));
        works.forEach(work -> run(bench, work));
    }

    private static void run(Bench bench, Workload work) {
        Map<Execution, Supplier<Contender>> contenders = distinct(work);
        Alternation.Outcome outcome = bench.race(Part.RULE, List.copyOf(contenders.values()));
        Measured rule = measured(outcome, work, sameAs(Bench.rule(work), work, contenders));
        Execution fastest = contenders.keySet().stream().min(Comparator.comparingDouble(one -> measured(outcome, work, one).median())).orElseThrow();
        List<String> head = new ArrayList<>(List.of("network"));
        List<Object> cells = new ArrayList<>(List.of(work.name()));
        for (Execution execution : all()) {
            Execution same = sameAs(execution, work, contenders);
            head.add(execution.text());
            cells.add(!contenders.containsKey(same) ? "not for it" : (same.equals(execution) ? "" : "as " + same.widthMultiple() + ": ") + Report.rate(measured(outcome, work, same).perSecond(work.batch())));
        }
        head.addAll(List.of("fastest", "the rule against it"));
        cells.addAll(List.of(fastest.text(), Report.ratio(measured(outcome, work, fastest).over(rule)) + ", "
                + Report.spread(measured(outcome, work, fastest).over(rule))));
        bench.report().row(TITLE, head, cells.toArray());
    }

    private static List<Execution> all() {
        List<Execution> all = new ArrayList<>(List.of(new Execution.Sharded(true), new Execution.Sharded(false)));
        for (MemoryFormat layout : MemoryFormat.values()) {
            for (int multiple : MULTIPLES) {
                all.add(new Execution.WholeBatch(layout, multiple));
            }
        }
        return all;
    }

    private static Execution unpadded(Execution execution) {
        return execution instanceof Execution.WholeBatch whole ? new Execution.WholeBatch(whole.layout(), 1) : execution;
    }

    /** Those that lead to different widths or layouts; a multiple that changes nothing is the one before it. */
    private static Map<Execution, Supplier<Contender>> distinct(Workload work) {
        Map<Execution, Supplier<Contender>> distinct = new LinkedHashMap<>();
        for (Execution execution : all()) {
            if (execution.obstacle(Devices.current(), work.network().architecture()).isEmpty() && sameAs(execution, work, distinct).equals(execution)) {
                distinct.put(execution, () -> OurTraining.steps(work, execution));
            }
        }
        return distinct;
    }

    private static Execution sameAs(Execution execution, Workload work, Map<Execution, Supplier<Contender>> others) {
        return others.keySet().stream().filter(other -> unpadded(other).equals(unpadded(execution))
                && widths(other, work).equals(widths(execution, work))).findFirst().orElse(execution);
    }

    private static List<Integer> widths(Execution execution, Workload work) {
        int multiple = execution.widthMultiple();
        return work.network().architecture().widths().stream().map(width -> (width + multiple - 1) / multiple * multiple).toList();
    }

    private static Measured measured(Alternation.Outcome outcome, Workload work, Execution execution) {
        return outcome.of(work.name() + " " + OurTraining.name(execution));
    }
}
