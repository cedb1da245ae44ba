package org.espalier.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.model.Architecture;
import org.espalier.prune.plans.FoundPlan;
import org.espalier.prune.plans.TargetPlan;
import org.espalier.prune.plans.UniformPlan;
import org.espalier.prune.plans.WidthsPlan;

/**
 * Arms of a study that follow from its rows: other networks pruned to what a method left that found its own widths, seed by seed. A grid file
 * whose {@code matched} line stands in the place of data, network and plan, and which follows from the rows of those that it is read with:
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
public record Matched(List<Spec> specs, Map<Spec, String> names) {
    private static final String FIELD = "matched";
    private static final List<String> EQUAL = List.of("parameters", "macs", "widths");
    private static final double ASSUMED = .3;

    /** Whether a grid's text has such a line. */
    public static boolean describes(String text) {
        return text.lines().anyMatch(line -> line.strip().startsWith(FIELD));
    }

    /** What follows from rows: nothing, as long as nothing was found. */
    public static Matched of(String text, List<Result> results) {
        Map<Spec, Result> found = new LinkedHashMap<>();
        results.stream().filter(result -> isFound(result.spec())).forEach(result -> found.putIfAbsent(once(result.spec()), result));
        return of(text, List.copyOf(found.values()), Result::spec, Matched::plan);
    }

    /**
     * What will follow from experiments that aren't done, for what it takes: as if each method removed about a third of the channels, which leaves about
     * half of a network.
     */
    public static List<Spec> foreseen(String text, List<Spec> specs) {
        Map<Spec, Spec> found = new LinkedHashMap<>();
        specs.stream().filter(Matched::isFound).forEach(spec -> found.putIfAbsent(once(spec), spec));
        List<Spec> finders = List.copyOf(found.values());
        // A little apart, so that what follows from two methods, or at two sizes, counts as two.
        return of(text, finders, spec -> spec,
                (equal, spec) -> new UniformPlan(ASSUMED + 1e-4 * (EQUAL.size() * finders.indexOf(spec) + EQUAL.indexOf(equal))).text()).specs();
    }

    /** Whether all experiments that find something have a result. */
    public static boolean isKnown(List<Spec> specs, List<Result> results) {
        Set<Spec> done = results.stream().map(Result::spec).filter(Matched::isFound).map(Matched::once).collect(Collectors.toSet());
        return specs.stream().filter(Matched::isFound).map(Matched::once).allMatch(done::contains);
    }

    /** Whether an experiment's method finds its own widths, so that others may follow from it. */
    public static boolean isFound(Spec spec) {
        return spec.plan().equals(new FoundPlan().text());
    }

    /** A method finds the same whatever the retraining. */
    private static Spec once(Spec spec) {
        return spec.with("schedule", "ft").with("epochs", 1);
    }

    private static <T> Matched of(String text, List<T> found, Function<T, Spec> spec, BiFunction<String, T, String> plan) {
        Map<String, List<String>> fields = fields(text);
        Map<Spec, String> names = new LinkedHashMap<>();
        for (T one : found) {
            for (String equal : fields.get(FIELD)) {
                Grid grid = new Grid(Map.of());
                for (String field : List.of("data", "network", "weights", "original", "originalSeed", "recipe", "seed")) {
                    String value = spec.apply(one).fields().get(field);
                    grid = value.isEmpty() ? grid : grid.over(field, value);
                }
                for (String field : List.of("criterion", "schedule", "epochs")) {
                    grid = grid.over(field, fields.get(field).toArray());
                }
                grid.over("plan", plan.apply(equal, one)).specs().forEach(arm -> names.put(arm, Treatment.of(arm).label() + ", at "
                        + spec.apply(one).method().split(" ")[0] + "'s " + (equal.equals("macs") ? "multiply-adds" : equal)));
            }
        }
        return new Matched(List.copyOf(names.keySet()), names);
    }

    private static Map<String, List<String>> fields(String text) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        text.lines().map(line -> line.replaceFirst("#.*", "").strip()).filter(line -> !line.isEmpty()).forEach(line -> {
            String[] field = line.split("=", 2);
            if (fields.put(field[0].strip(), Stream.of(field[field.length - 1].split("\\|")).map(String::strip).toList()) != null) {
                throw new IllegalArgumentException("'" + field[0].strip() + "' stands twice: a file with '" + FIELD + "' is one grid");
            }
        });
        List<String> wanted = List.of(FIELD, "criterion", "schedule", "epochs");
        if (!fields.keySet().equals(Set.copyOf(wanted))) {
            throw new IllegalArgumentException("a grid with '" + FIELD + "' has the fields " + wanted + " and a file of its own, not " + fields.keySet());
        }
        fields.get(FIELD).stream().filter(equal -> !EQUAL.contains(equal)).findFirst().ifPresent(equal -> {
            throw new IllegalArgumentException("'" + FIELD + "' is one of " + EQUAL + ", not '" + equal + "'");
        });
        return fields;
    }

    private static String plan(String equal, Result result) {
        Architecture dense = Architecture.parse(result.spec().network());
        return switch (equal) {
            case "parameters" -> TargetPlan.of(TargetPlan.Cost.PARAMETERS, fraction(result.parameters(), dense.parameters())).text();
            case "macs" -> TargetPlan.of(TargetPlan.Cost.MACS, fraction(result.macs(), dense.macs())).text();
            default -> WidthsPlan.of(Architecture.parse(result.architecture())).text();
        };
    }

    /** Rounded up: at most as much is asked for as the method left, to a ten-thousandth of the dense network's. */
    private static double fraction(long left, long dense) {
        return Math.ceil(1e4 * left / dense) / 1e4;
    }

    /** As a grid that names each experiment. */
    public String grid() {
        List<String> blocks = new ArrayList<>();
        specs.forEach(spec -> {
            StringBuilder block = new StringBuilder();
            spec.fields().forEach((field, value) -> block.append(value.isEmpty() ? "" : field + " = " + value + "\n"));
            blocks.add(block.toString());
        });
        return String.join("\n", blocks);
    }
}
