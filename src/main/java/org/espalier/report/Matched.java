package org.espalier.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.model.Architecture;
import org.espalier.prune.plans.FoundPlan;
import org.espalier.prune.plans.TargetPlan;
import org.espalier.prune.plans.WidthsPlan;
import org.espalier.study.Grid;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.Treatment;

/**
 * Arms of a study that follow from its rows: other networks pruned to what a method left that found its own widths, seed by seed. A grid file
 * whose {@code matched} line stands in the place of data, network and plan:
 *
 * <pre>
 * matched   = parameters | macs | widths     what is equal: the number of parameters, of multiply-adds, or the width of each layer
 * criterion = l1 | random
 * schedule  = ft | clr
 * epochs    = 25
 * </pre>
 *
 * @param names of each arm, such as {@code l1 + CLR, at gal's parameters}: its plan differs from seed to seed
 */
record Matched(List<Spec> specs, Map<Spec, String> names) {
    private static final String FIELD = "matched";

    /** Whether a grid's text has such a line. */
    static boolean describes(String text) {
        return text.lines().anyMatch(line -> line.strip().startsWith(FIELD));
    }

    /** Nothing, as long as nothing was found. */
    static Matched of(String text, List<Result> results) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        text.lines().map(line -> line.replaceFirst("#.*", "").strip()).filter(line -> !line.isEmpty()).forEach(line -> {
            String[] field = line.split("=", 2);
            fields.put(field[0].strip(), Stream.of(field[field.length - 1].split("\\|")).map(String::strip).toList());
        });
        Map<Spec, String> names = new LinkedHashMap<>();
        Map<Spec, Result> found = new LinkedHashMap<>();
        results.stream().filter(result -> result.spec().plan().equals(new FoundPlan().text()))
                .forEach(result -> found.putIfAbsent(result.spec().with("schedule", "ft").with("epochs", 1), result));
        for (Result result : found.values()) {
            for (String equal : fields.get(FIELD)) {
                Grid grid = new Grid(Map.of());
                for (String field : List.of("data", "network", "weights", "original", "originalSeed", "recipe", "seed")) {
                    String value = result.spec().fields().get(field);
                    grid = value.isEmpty() ? grid : grid.over(field, value);
                }
                for (String field : List.of("criterion", "schedule", "epochs")) {
                    grid = grid.over(field, fields.get(field).toArray());
                }
                grid.over("plan", plan(equal, result)).specs().forEach(spec -> names.put(spec, Treatment.of(spec).label() + ", at "
                        + result.spec().method().split(" ")[0] + "'s " + (equal.equals("macs") ? "multiply-adds" : equal)));
            }
        }
        return new Matched(List.copyOf(names.keySet()), names);
    }

    private static String plan(String equal, Result result) {
        Architecture dense = Architecture.parse(result.spec().network());
        return switch (equal) {
            case "parameters" -> TargetPlan.of(TargetPlan.Cost.PARAMETERS, fraction(result.parameters(), dense.parameters())).text();
            case "macs" -> TargetPlan.of(TargetPlan.Cost.MACS, fraction(result.macs(), dense.macs())).text();
            case "widths" -> WidthsPlan.of(Architecture.parse(result.architecture())).text();
            default -> throw new IllegalArgumentException("'matched' is parameters, macs or widths, not '" + equal + "'");
        };
    }

    /** Rounded up: at most as much is asked for as the method left, to a ten-thousandth of the dense network's. */
    private static double fraction(long left, long dense) {
        return Math.ceil(1e4 * left / dense) / 1e4;
    }

    /** As a grid that {@code espalier sweep} reads. */
    String grid() {
        List<String> blocks = new ArrayList<>();
        specs.forEach(spec -> {
            StringBuilder block = new StringBuilder();
            spec.fields().forEach((field, value) -> block.append(value.isEmpty() ? "" : field + " = " + value + "\n"));
            blocks.add(block.toString());
        });
        return String.join("\n", blocks);
    }
}
