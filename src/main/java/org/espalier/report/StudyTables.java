package org.espalier.report;

import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.model.Architecture;
import org.espalier.prune.Plan;
import org.espalier.prune.plans.FoundPlan;
import org.espalier.prune.plans.TargetPlan;
import org.espalier.study.DataTitle;
import org.espalier.study.HeldEqual;
import org.espalier.study.Provenance;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.TotalCost;
import org.espalier.study.Treatment;
import org.espalier.study.statistics.Claim;
import org.espalier.study.statistics.Inflation;
import org.espalier.study.statistics.Interval;
import org.espalier.study.statistics.Paired;
import org.espalier.study.statistics.Statistics;
import org.espalier.study.statistics.Verdict;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What a study says, in tables: what it is about, its claims, its original networks, and what other ways to report would have made of it. */
public final class StudyTables {
    private StudyTables() {
    }

    /** On what, at which scale, how much, where and with what a study was measured. */
    public static Table about(StudyData study) {
        Map<String, String> rows = new LinkedHashMap<>();
        List<Spec> specs = study.parts().get(0).specs();
        Spec first = specs.get(0);
        rows.put("scale", study.scale().toString());
        rows.put("data", DataTitle.of(first.data()));
        rows.put("network", first.network());
        specs.stream().filter(spec -> !spec.isOriginal()).map(Spec::plan).distinct().forEach(plan -> rows.put("plan " + plan, removed(first.network(), plan)));
        rows.put("original training", first.original());
        rows.put("seeds", specs.stream().map(Spec::seed).distinct().sorted().map(Object::toString).collect(Collectors.joining(", ")));
        rows.put("results", specs.size() - study.parts().get(0).missing() + " of " + specs.size());
        List<Result> all = study.parts().stream().flatMap(part -> part.results().stream()).distinct().toList();
        counted(all, "measured on", provenance -> provenance.device() + ", " + provenance.processor() + ", threads a run: " + provenance.threads(), rows);
        counted(all, "computed", Provenance::layout, rows);
        counted(all, "versions", provenance -> "DJL " + provenance.djl() + ", libtorch " + provenance.libtorch(), rows);
        counted(all, "commit", Provenance::commit, rows);
        // A training that is read at several budgets counts once.
        double seconds = all.stream().collect(Collectors.toMap(Result::history, Result::seconds, Math::max)).values().stream()
                .mapToDouble(Double::doubleValue).sum();
        rows.put("training took", String.format(Locale.ROOT, "%.1f hours of a worker, originals included", seconds / 3600));
        return Table.create("About " + study.name(), StringColumn.create("about", rows.keySet()), StringColumn.create("this study", rows.values()));
    }

    private static void counted(List<Result> results, String name, Function<Provenance, String> what, Map<String, String> rows) {
        Map<String, Long> times = results.stream().map(Result::provenance).collect(Collectors.groupingBy(what, TreeMap::new, Collectors.counting()));
        rows.put(name, times.entrySet().stream().map(entry -> entry.getKey() + (times.size() > 1 ? " (" + entry.getValue() + " rows)" : ""))
                .collect(Collectors.joining("; ")));
    }

    private static String removed(String network, String plan) {
        if (Plan.parse(plan) instanceof FoundPlan) {
            return "each method finds its own widths";
        }
        if (Plan.parse(plan).needsScores()) {
            return "the scores of all layers say which widths are left";
        }
        Architecture dense = Architecture.parse(network);
        Architecture pruned = Plan.parse(plan).pruned(dense);
        return String.format(Locale.ROOT, "%,d of %,d parameters are left (%.1f %% removed), and %.1f %% of the multiply-adds", pruned.parameters(),
                dense.parameters(), 100. - 100. * pruned.parameters() / dense.parameters(), 100. * pruned.macs() / dense.macs());
    }

    /** Each test with effect, interval, corrected p-value and verdict, and the seeds that an undecided one would need. */
    public static Table claims(StudyData study, StudyData... beside) {
        List<Claim> judged = study.judged(beside);
        Table table = Table.create("The claims: " + judged.size() + " tests, paired by seed, corrected together (Holm)", StringColumn.create("claim"),
                StringColumn.create("expected, points"), Tables.real("difference, points", 2), Tables.real("95 % from", 2), Tables.real("to", 2),
                IntColumn.create("seeds"), Tables.real("p, corrected", 4), StringColumn.create("verdict"), StringColumn.create("seeds needed"));
        for (int i = 0; i < judged.size(); i++) {
            Claim one = judged.get(i);
            Interval interval = one.interval();
            Tables.append(table, one.text(), study.claims().orElseThrow().hypotheses().get(i).expectation(),
                    one.paired().size() == 0 ? Double.NaN : one.paired().mean(), interval == null ? Double.NaN : interval.low(),
                    interval == null ? Double.NaN : interval.high(), one.paired().size(), interval == null ? Double.NaN : one.pValue(),
                    one.verdict().toString(), one.verdict() != Verdict.UNDECIDED || interval == null ? ""
                            : one.seedsNeeded().isPresent() ? "about " + one.seedsNeeded().getAsInt() : "no feasible number");
        }
        return table;
    }

    /** The original networks by how they were trained, and what each gains over the first, seed by seed. */
    public static Table originals(StudyData study) {
        Table table = Table.create("The original networks", StringColumn.create("original training"), IntColumn.create("seeds"),
                Tables.real("test accuracy, %", 2), Tables.real("lowest", 2), Tables.real("highest", 2), Tables.real("above the study's own, points", 2),
                IntColumn.create("in seeds"));
        String own = study.parts().get(0).specs().get(0).original();
        Map<String, Map<Long, Double>> byTraining = new TreeMap<>(Comparator.comparing((String text) -> !text.equals(own)).thenComparing(text -> text));
        study.originals().forEach(result -> byTraining.computeIfAbsent(result.spec().original(), text -> new TreeMap<>())
                .put(result.spec().originalSeed(), 100 * result.last()));
        byTraining.forEach((text, bySeed) -> {
            Paired difference = Paired.of(bySeed, byTraining.getOrDefault(own, Map.of()));
            DoubleSummaryStatistics accuracies = bySeed.values().stream().mapToDouble(Double::doubleValue).summaryStatistics();
            Tables.append(table, text.equals("step") ? "step epochs=160" : text, bySeed.size(), accuracies.getAverage(), accuracies.getMin(),
                    accuracies.getMax(), text.equals(own) || difference.size() == 0 ? Double.NaN : difference.mean(),
                    text.equals(own) ? 0 : difference.size());
        });
        return table;
    }

    /**
     * Every arm of a study, measured or not: accuracy, what is left of the network, what it cost in all, and by how much other ways to report
     * would have exceeded the mean after the last epoch.
     */
    public static Table comparison(StudyData study) {
        StringColumn arm = StringColumn.create("pruned by + retrained by");
        IntColumn epochs = IntColumn.create("epochs");
        StringColumn seeds = StringColumn.create("seeds");
        List<DoubleColumn> numbers = Stream.of("test accuracy, %", "change, points", "95 % from", "to", "parameters, %", "MACs, %", "epochs in all",
                "MAC-epochs in all, of the original's", "best epoch on test: above", "best of seeds: above").map(name -> Tables.real(name,
                        name.equals("epochs in all") ? 0 : name.endsWith("%") && !name.startsWith("test") ? 1 : 2)).toList();
        Studies.requireComparable(study.retrainings());
        study.arms().forEach((name, byBudget) -> byBudget.forEach((budget, specs) -> {
            List<Result> group = study.retrainings().stream().filter(result -> specs.contains(result.spec())).toList();
            arm.append(name);
            epochs.append(budget);
            seeds.append(group.isEmpty() ? "not measured yet" : group.size() < specs.size() ? group.size() + " of " + specs.size() : "" + group.size());
            double[] values = group.isEmpty() ? Stream.generate(() -> Double.NaN).limit(numbers.size()).mapToDouble(Double::doubleValue).toArray() : numbers(group);
            for (int i = 0; i < values.length; i++) {
                numbers.get(i).append(values[i]);
            }
        }));
        return Table.create("Measured here: " + study.title(), arm, epochs, seeds).addColumns(numbers.toArray(DoubleColumn[]::new));
    }

    private static double[] numbers(List<Result> group) {
        double[] changes = group.stream().mapToDouble(Result::change).toArray();
        Interval interval = changes.length < 2 ? null : Statistics.tInterval(.95, changes);
        Architecture dense = Architecture.parse(group.get(0).spec().network());
        Inflation inflation = Inflation.of(group);
        double original = TotalCost.of(group.get(0).spec().parent()).all().macEpochs();
        return new double[] {mean(group, result -> 100 * result.last()), Statistics.mean(changes), interval == null ? Double.NaN : interval.low(),
            interval == null ? Double.NaN : interval.high(), mean(group, result -> 100. * result.parameters() / dense.parameters()),
            mean(group, result -> 100. * result.macs() / dense.macs()), mean(group, result -> TotalCost.of(result).all().epochs()),
            mean(group, result -> TotalCost.of(result).all().macEpochs() / original), inflation.bestEpoch(), inflation.bestOfSeeds()};
    }

    private static double mean(List<Result> group, ToDoubleFunction<Result> value) {
        return group.stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    /** What the measured arms of a study hold equal, and what they don't. */
    public static Table heldEqual(StudyData study) {
        boolean nothing = study.retrainings().isEmpty();
        Table table = Table.create(nothing ? "Nothing is measured yet" : "What the comparison holds equal", StringColumn.create("compared"),
                StringColumn.create("equal"), StringColumn.create("values"));
        if (!nothing) {
            HeldEqual.of(study.retrainings()).rows().forEach(row -> Tables.append(table, row.aspect().toString(), row.isEqual() ? "yes" : "no", row.values()));
        }
        return table;
    }

    /**
     * What the paper's plans are matched with: parameters and multiply-adds as published of a method, and as computed of the paper's plan, and of the
     * plan that removes the same ratio everywhere and has the method's multiply-adds.
     *
     * @param table of published values
     * @param plans of ResNet-50, by the published subject that each is matched with
     */
    public static Table matching(String table, Map<String, String> plans) {
        Table matched = Table.create("What is matched", StringColumn.create("method"), Tables.real("parameters, M, published", 2),
                Tables.real("MACs, G, published", 2), StringColumn.create("the paper's plan"), Tables.real("parameters, M, computed", 2),
                Tables.real("MACs, G, computed", 2), Tables.real("parameters, M, at the method's MACs", 2));
        Architecture dense = Architecture.parse("resnet-50");
        new TreeMap<>(plans).forEach((subject, own) -> {
            double parameters = value(table, subject, "parameters, M");
            double macs = value(table, subject, "MACs, G");
            Architecture pruned = dense.withWidths(Plan.parse(own).kept(dense));
            Architecture slower = dense.withWidths(TargetPlan.of(TargetPlan.Cost.MACS, 1e9 * macs / dense.macs()).kept(dense));
            Tables.append(matched, subject, parameters, macs, own, pruned.parameters() / 1e6, pruned.macs() / 1e9, slower.parameters() / 1e6);
        });
        return matched;
    }

    private static double value(String table, String subject, String quantity) {
        return Published.of(table).stream().filter(one -> one.subject().equals(subject) && one.quantity().equals(quantity) && one.number().isPresent())
                .findFirst().orElseThrow(() -> new IllegalArgumentException("no " + quantity + " of " + subject + " is published in " + table)).number().orElseThrow();
    }

    /** By how much the best epoch on the test images, and the best of all seeds, exceed what is reported: the mean after the last epoch. */
    public static Table inflation(List<Result> results) {
        Table table = Table.create("Inflation", StringColumn.create("pruned by + retrained by"), IntColumn.create("epochs"),
                Tables.real("last epoch, mean, %", 2), IntColumn.create("seeds with every epoch evaluated"),
                Tables.real("best epoch on test: above, points", 2), IntColumn.create("seeds"), Tables.real("best of these seeds: above, points", 2));
        Map<Treatment, String> names = Studies.names(results);
        names.forEach((key, name) -> {
            Map<Integer, List<Result>> byBudget = results.stream().filter(result -> !result.spec().isOriginal() && Treatment.of(result.spec()).equals(key))
                    .collect(Collectors.groupingBy(result -> result.spec().epochs(), TreeMap::new, Collectors.toList()));
            byBudget.forEach((budget, group) -> {
                Inflation inflation = Inflation.of(group);
                Tables.append(table, name, budget, inflation.last(), inflation.evaluated(), inflation.bestEpoch(), inflation.seeds(), inflation.bestOfSeeds());
            });
        });
        return table;
    }
}
