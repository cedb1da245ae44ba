package org.espalier.study.statistics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.espalier.study.DataTitle;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.Treatment;

/** Results of many experiments, those of one that differ in their seeds only taken together. */
public record Comparison(List<Cell> cells) {
    private static final double LEVEL = .95;

    /** @param experiment without its seeds */
    public record Cell(Spec experiment, List<Result> results) {

        /** Of the change of accuracy, in percentage points. */
        public double mean() {
            return Statistics.mean(changes());
        }

        /** Of that mean; empty with a single seed. */
        public Optional<Interval> interval() {
            return results.size() < 2 ? Optional.empty() : Optional.of(Statistics.tInterval(LEVEL, changes()));
        }

        /** What the method said of its outcomes, each with the seeds that it was said of. */
        public List<String> remarks() {
            Map<String, List<Long>> seeds = new LinkedHashMap<>();
            results.forEach(result -> result.remarks().forEach(remark -> seeds.computeIfAbsent(remark, text -> new ArrayList<>()).add(result.spec().seed())));
            return seeds.entrySet().stream().map(entry -> "seed " + entry.getValue().stream().map(Object::toString).collect(Collectors.joining(", ")) + ": "
                    + entry.getKey()).toList();
        }

        private double[] changes() {
            return results.stream().mapToDouble(Result::change).toArray();
        }
    }

    public Comparison {
        cells = List.copyOf(cells);
    }

    /** In the order in which the experiments first come. */
    public static Comparison of(List<Result> results) {
        Map<Spec, List<Result>> alike = new LinkedHashMap<>();
        results.forEach(result -> alike.computeIfAbsent(result.spec().with("seed", 1).with("originalSeed", 1), spec -> new ArrayList<>()).add(result));
        Map<Spec, List<Result>> cells = new LinkedHashMap<>();
        alike.forEach((experiment, all) -> {
            // Where each seed has an original network of its own, that belongs to the seed; else it is part of the experiment.
            boolean ownOriginals = all.stream().allMatch(result -> result.spec().originalSeed() == result.spec().seed());
            all.forEach(result -> cells.computeIfAbsent(ownOriginals ? experiment : result.spec().with("seed", 1), spec -> new ArrayList<>()).add(result));
        });
        return new Comparison(cells.entrySet().stream().map(cell -> new Cell(cell.getKey(), List.copyOf(cell.getValue()))).toList());
    }

    /** For every other schedule under the same circumstances, that it beats the baseline; corrected for their number. */
    public List<Claim> claims(String baseline) {
        Map<Spec, Cell> bySpec = new LinkedHashMap<>();
        cells.forEach(cell -> bySpec.put(cell.experiment(), cell));
        List<Claim> claims = new ArrayList<>();
        for (Cell cell : cells) {
            Cell other = bySpec.get(cell.experiment().with("schedule", baseline));
            if (other != null && !other.experiment().equals(cell.experiment())) {
                Spec spec = cell.experiment();
                claims.add(Claim.beats(spec.schedule() + " beats " + baseline + " (" + spec.plan() + ", " + Treatment.of(spec).pruning() + ", "
                        + spec.epochs() + " epochs)", Paired.of(cell.results(), other.results(), Result::change)));
            }
        }
        return Claim.corrected(claims);
    }

    /** A table for people: a row per experiment, and below it what methods said of their outcomes. */
    public String text() {
        StringBuilder text = new StringBuilder("""
                | network | data | plan | criterion | schedule | epochs | seeds | change, points | 95 % interval |
                |---|---|---|---|---|---:|---:|---:|---|
                """);
        for (Cell cell : cells) {
            Spec spec = cell.experiment();
            text.append(String.format(Locale.ROOT, "| %s | %s | %s | %s | %s | %d | %d | %+.2f | %s |%n", spec.network(), DataTitle.of(spec.data()), spec.plan(),
                    spec.isOriginal() ? spec.criterion() : Treatment.of(spec).pruning(), spec.schedule(), spec.epochs(), cell.results().size(), cell.mean(), cell.interval()
                            .map(interval -> String.format(Locale.ROOT, "%+.2f to %+.2f", interval.low(), interval.high())).orElse("one seed")));
        }
        cells.forEach(cell -> cell.remarks().forEach(remark -> text.append("\n").append(Treatment.of(cell.experiment()).text()).append(", ").append(remark)
                .append("\n")));
        return text.toString();
    }
}
