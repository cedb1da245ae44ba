package org.espalier.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.prune.Plan;
import org.espalier.study.DataTitle;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.Treatment;
import org.espalier.study.statistics.Interval;
import org.espalier.study.statistics.Paired;
import org.espalier.study.statistics.Statistics;
import org.espalier.study.store.Csv;

/**
 * Which schedule retrains a network that was pruned by a plan within a budget, as far as there are measurements. Each sentence says what it rests
 * on, or that it wasn't measured.
 *
 * <p>The best schedule is chosen over the seeds by the mean after the last epoch. What a choice is worth is told by the seeds that it didn't see:
 * for each, the schedule that is best on all others is compared with FT.
 */
public record Recommendation(String question, List<String> sentences) {
    private static final String BASELINE = "ft";

    public Recommendation {
        sentences = List.copyOf(sentences);
    }

    /** From the rows of all studies at scale laptop and paper that this checkout keeps in {@code results/}. */
    public static Recommendation of(Plan plan, int epochs) {
        Path results = StudyFolder.root(Path.of("").toAbsolutePath()).resolve("results");
        try (Stream<Path> files = Files.exists(results) ? Files.list(results) : Stream.empty()) {
            return of(plan, epochs, files.filter(file -> file.toString().endsWith(".csv")).sorted().flatMap(file -> Csv.read(file).stream()).toList());
        } catch (IOException e) {
            throw new UncheckedIOException("the results in " + results + " can't be read: " + e.getMessage(), e);
        }
    }

    /** From these rows: of one-shot pruning, by any plan and on any data. */
    static Recommendation of(Plan plan, int epochs, List<Result> rows) {
        if (epochs < 1) {
            throw new IllegalArgumentException("a retraining lasts at least 1 epoch, not " + epochs);
        }
        List<String> sentences = new ArrayList<>();
        List<Result> retrainings = rows.stream().filter(row -> !row.spec().isOriginal() && row.spec().method().isEmpty()
                && !Treatment.of(row.spec()).isUnpruned()).collect(Collectors.toMap(Result::id, row -> row, (a, b) -> a, LinkedHashMap::new)).values().stream().toList();
        List<Result> exact = retrainings.stream().filter(row -> row.spec().plan().equals(plan.text()) && row.spec().epochs() == epochs).toList();
        bySetting(exact).forEach((setting, group) -> sentences.addAll(judged(setting, group)));
        if (exact.isEmpty()) {
            sentences.add("Not measured: " + plan.text() + " for " + epochs + " epochs.");
            nearest(plan, epochs, retrainings).ifPresent(near -> {
                sentences.add("The nearest that was measured is " + near.plan() + " for " + near.epochs() + " epochs; nothing says that it holds here.");
                bySetting(retrainings.stream().filter(row -> row.spec().plan().equals(near.plan()) && row.spec().epochs() == near.epochs()).toList())
                        .forEach((setting, group) -> sentences.addAll(judged(setting, group)));
            });
        }
        return new Recommendation("How should a network pruned by " + plan.text() + " be retrained in " + epochs + " epochs?", sentences);
    }

    /** The same plan at the nearest budget, else the nearest budget of any plan. */
    private static Optional<Spec> nearest(Plan plan, int epochs, List<Result> rows) {
        return rows.stream().map(Result::spec).min(Comparator.comparing((Spec spec) -> !spec.plan().equals(plan.text()))
                .thenComparing(spec -> Math.abs(Math.log((double) spec.epochs() / epochs))).thenComparing(Spec::plan));
    }

    private static Map<Spec, List<Result>> bySetting(List<Result> rows) {
        return rows.stream().collect(Collectors.groupingBy(row -> row.spec().parent().with("originalSeed", 1), LinkedHashMap::new, Collectors.toList()));
    }

    private static List<String> judged(Spec setting, List<Result> rows) {
        String plan = rows.get(0).spec().plan();
        int epochs = rows.get(0).spec().epochs();
        String where = Studies.network(setting.network()) + " on " + DataTitle.of(setting.data()) + ", " + plan + ", " + epochs + " epochs: ";
        Map<String, Map<Long, Double>> l1 = bySchedule(rows, "l1");
        List<String> sentences = new ArrayList<>();
        if (l1.size() < 2) {
            sentences.add(where + "not measured: one schedule alone (" + String.join(", ", l1.keySet()) + ") was tried after l1.");
        } else {
            sentences.add(where + best(l1));
            sentences.add(where + unseen(l1));
        }
        sentences.add(where + criterion(l1, bySchedule(rows, "random")));
        return sentences;
    }

    private static Map<String, Map<Long, Double>> bySchedule(List<Result> rows, String criterion) {
        Map<String, Map<Long, Double>> changes = new TreeMap<>();
        rows.stream().filter(row -> row.spec().criterion().equals(criterion))
                .forEach(row -> changes.computeIfAbsent(row.spec().schedule(), schedule -> new TreeMap<>()).put(row.spec().seed(), row.change()));
        return changes;
    }

    /** The schedule with the best mean, and by how much it beats each other one. */
    private static String best(Map<String, Map<Long, Double>> changes) {
        List<Long> shared = changes.values().stream().map(Map::keySet).reduce((a, b) -> a.stream().filter(b::contains).collect(Collectors.toSet()))
                .orElseThrow().stream().sorted().toList();
        if (shared.isEmpty()) {
            return "not measured: no seed has all of " + String.join(", ", changes.keySet()) + ".";
        }
        String best = best(changes, shared);
        return "of " + changes.size() + " schedules " + best + " is best, by " + changes.entrySet().stream().filter(other -> !other.getKey().equals(best))
                .map(other -> points(Paired.of(changes.get(best), other.getValue())) + " over " + other.getKey()).collect(Collectors.joining(", "))
                + "; seeds " + shared.stream().map(Object::toString).collect(Collectors.joining(", ")) + ".";
    }

    private static String best(Map<String, Map<Long, Double>> changes, List<Long> seeds) {
        return changes.entrySet().stream().filter(entry -> entry.getValue().keySet().containsAll(seeds))
                .max(Comparator.comparingDouble(entry -> seeds.stream().mapToDouble(entry.getValue()::get).average().orElse(Double.NaN))).orElseThrow().getKey();
    }

    /** What the choice gains over FT on the seed that it didn't see, over all seeds. */
    private static String unseen(Map<String, Map<Long, Double>> changes) {
        Map<Long, Double> baseline = changes.getOrDefault(BASELINE, Map.of());
        List<Long> seeds = baseline.keySet().stream().filter(seed -> changes.values().stream().allMatch(bySeed -> bySeed.containsKey(seed))).toList();
        if (seeds.size() < 3) {
            return "what choosing it is worth isn't measured: it takes 3 seeds with every schedule, FT among them; there are " + seeds.size() + ".";
        }
        Map<Long, Double> gains = new TreeMap<>();
        for (long left : seeds) {
            String chosen = best(changes, seeds.stream().filter(seed -> seed != left).toList());
            gains.put(left, changes.get(chosen).get(left) - baseline.get(left));
        }
        return "the schedule chosen without a seed gains " + points(new Paired(gains)) + " over FT on that seed.";
    }

    private static String criterion(Map<String, Map<Long, Double>> l1, Map<String, Map<Long, Double>> random) {
        List<String> both = l1.keySet().stream().filter(random::containsKey).toList();
        return both.isEmpty() ? "not measured: whether l1 beats random pruning." : "l1 beats random pruning by " + both.stream()
                .map(schedule -> points(Paired.of(l1.get(schedule), random.get(schedule))) + " under " + schedule).collect(Collectors.joining(", ")) + ".";
    }

    /** {@code 0.91 points (95 % 0.30 to 1.52)}. */
    private static String points(Paired paired) {
        if (paired.size() == 0) {
            return "points that no seed measures";
        }
        String mean = String.format(Locale.ROOT, "%.2f points", paired.mean());
        if (paired.size() < 2) {
            return mean + " (one seed, no interval)";
        }
        Interval interval = Statistics.tInterval(.95, paired.values());
        return mean + String.format(Locale.ROOT, " (95 %% %.2f to %.2f)", interval.low(), interval.high());
    }

    @Override
    public String toString() {
        return question + "\n" + sentences.stream().map(sentence -> "* " + sentence).collect(Collectors.joining("\n"));
    }
}
