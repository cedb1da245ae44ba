package org.espalier.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.espalier.model.Architecture;
import org.espalier.prune.Plan;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.Treatment;
import org.espalier.train.Schedule;
import org.espalier.train.schedules.StepDecay;
import tech.tablesaw.plotly.components.Figure;

/**
 * The paper's main figure: the change of accuracy over budgets under its four schedules, a panel for each network and plan. Budgets are in per cent
 * of the original training, so that 20 of 40 epochs and 80 of 160 meet. What is measured and what is published stand in figures of their own.
 *
 * @param here   panels of what was measured
 * @param others panels of what was read off the published image
 */
public record BudgetPanels(Map<String, List<Curve>> here, Map<String, List<Curve>> others) {
    private static final double[] BUDGETS = {0, 100};
    private static final String X = "% of the original epochs";
    private static final String Y = "change, points";

    /** Of these studies' networks and plans, measured or not. */
    public static BudgetPanels of(StudyData... studies) {
        Map<String, List<Curve>> here = new LinkedHashMap<>();
        for (StudyData study : studies) {
            Spec usual = study.parts().get(0).specs().get(0);
            List<Result> results = study.parts().stream().flatMap(part -> part.retrainings().stream()).filter(result -> isPanels(result.spec(), usual)).toList();
            study.parts().stream().flatMap(part -> part.specs().stream()).filter(spec -> isPanels(spec, usual)).map(Spec::plan).distinct().forEach(plan -> {
                List<Result> own = results.stream().filter(result -> result.spec().plan().equals(plan)).distinct().toList();
                here.put(title(usual.network(), plan, own.isEmpty() ? "not measured yet" : ""),
                        own.isEmpty() ? List.of() : Studies.curves(own, spec -> 100. * spec.epochs() / originalEpochs(spec)));
            });
        }
        return new BudgetPanels(here, readOff());
    }

    /** The same data, network and original training, pruned, and retrained by one of the four for no longer than that. */
    private static boolean isPanels(Spec spec, Spec usual) {
        return !spec.isOriginal() && spec.parent().with("originalSeed", 1).equals(usual.parent().with("originalSeed", 1)) && !Treatment.of(spec).isUnpruned()
                && spec.schedule().matches("ft|slr|clr|lrw.*") && spec.epochs() <= originalEpochs(spec);
    }

    private static int originalEpochs(Spec spec) {
        return ((StepDecay) Schedule.parse(spec.original())).epochs();
    }

    private static Map<String, List<Curve>> readOff() {
        Map<String, Map<String, List<Published>>> panels = new LinkedHashMap<>();
        Published.of("schedules-by-budget").forEach(one -> {
            String[] plan = one.subject().split(", ");
            String network = one.network().toLowerCase(Locale.ROOT).replaceFirst("^resnet", "cifar-resnet");
            panels.computeIfAbsent(title(network, plan[0], ""), title -> new LinkedHashMap<>()).computeIfAbsent(plan[1], name -> new ArrayList<>()).add(one);
        });
        Map<String, List<Curve>> curves = new LinkedHashMap<>();
        panels.forEach((title, byName) -> curves.put(title, byName.entrySet().stream().map(entry -> Curve.of(entry.getKey(),
                entry.getValue().stream().mapToDouble(one -> 100. * Integer.parseInt(one.epochs()) / StepDecay.cifar().epochs()).toArray(),
                entry.getValue().stream().mapToDouble(one -> one.number().orElseThrow()).toArray())).toList()));
        return curves;
    }

    private static String title(String network, String plan, String remark) {
        Architecture dense = Architecture.parse(network);
        Architecture pruned = dense.withWidths(Plan.parse(plan).kept(dense));
        return Studies.network(network) + ", " + plan + "\n" + (remark.isEmpty() ? String.format(Locale.ROOT, "%.1f %% of parameters removed",
                100. - 100. * pruned.parameters() / dense.parameters()) : remark);
    }

    /** With 95 % intervals of the mean over seeds where there are several. */
    public Figure measured() {
        return figure("Measured here", here);
    }

    /** The points of the image, without intervals, which it doesn't have. */
    public Figure published() {
        return figure("Published: read off the image, +-0.015 points", others);
    }

    private static Figure figure(String title, Map<String, List<Curve>> panels) {
        Map<String, List<Curve>> filled = new LinkedHashMap<>();
        panels.forEach((name, curves) -> filled.put(name, curves.isEmpty() ? List.of(Curve.of("no result yet", new double[] {0}, new double[] {Double.NaN}))
                : curves));
        DoubleStream y = panels.values().stream().flatMap(List::stream).flatMap(curve -> Stream.of(curve.y(), curve.low(), curve.high()))
                .flatMapToDouble(Arrays::stream);
        return Figures.panels(title, X, BUDGETS, Y, Figures.ends(DoubleStream.concat(y, DoubleStream.of(0))), filled);
    }
}
