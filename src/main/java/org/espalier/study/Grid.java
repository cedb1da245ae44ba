package org.espalier.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.espalier.data.Dataset;
import org.espalier.method.Method;
import org.espalier.model.Architecture;
import org.espalier.prune.Criterion;
import org.espalier.prune.Plan;
import org.espalier.prune.plans.FoundPlan;
import org.espalier.train.Recipe;
import org.espalier.train.Schedule;
import org.espalier.train.schedules.StepDecay;

/**
 * Every combination of a few values per field of a {@link Spec}: a study in a line or two.
 *
 * <pre>{@code
 * Grid.of("fashion-mnist-sample", "cifar-resnet-20 channels=1").original(16)
 *     .plans("R20-B").criteria("l1", "random").schedules("ft", "clr").budgets(4, 8).seeds(1, 2, 3).specs()
 * }</pre>
 *
 * <p>As a text, one field a line with its values separated by {@code |}, whole numbers also as {@code 1..5}; an empty line begins another
 * grid, and {@code #} a remark. A value of {@code seed} for {@code originalSeed} gives every seed an original network of its own. A
 * schedule that an original training defines, such as {@code lrw} or {@code allr}, follows the one in the same grid where its text has no
 * fields.
 */
public record Grid(Map<String, List<String>> axes) {

    public Grid {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        axes.forEach((field, values) -> {
            if (values.isEmpty()) {
                throw new IllegalArgumentException("a grid needs at least one value for " + field);
            }
            copy.put(field, List.copyOf(values));
        });
        axes = Collections.unmodifiableMap(copy);
    }

    public static Grid of(String data, String... networks) {
        return new Grid(Map.of()).over("data", data).over("network", (Object[]) networks);
    }

    /** The original training lasts so many epochs, with drops of the rate at 50 % and 75 % of them. */
    public Grid original(int epochs) {
        return over("original", StepDecay.cifar(epochs).text());
    }

    public Grid plans(Object... plans) {
        return over("plan", plans);
    }

    public Grid criteria(Object... criteria) {
        return over("criterion", criteria);
    }

    public Grid methods(Object... methods) {
        return over("method", methods);
    }

    public Grid schedules(Object... schedules) {
        return over("schedule", schedules);
    }

    public Grid budgets(int... epochs) {
        return over("epochs", IntStream.of(epochs).boxed().toArray());
    }

    public Grid seeds(long... seeds) {
        return over("seed", LongStream.of(seeds).boxed().toArray());
    }

    /** Every seed retrains an original network of its own, trained with that seed; without this they share one. */
    public Grid originalPerSeed() {
        return over("originalSeed", "seed");
    }

    /** The same over these values of a field; values that were there before are replaced. */
    public Grid over(String field, Object... values) {
        Map<String, List<String>> changed = new LinkedHashMap<>(axes);
        changed.put(field, Arrays.stream(values).map(Grid::text).toList());
        return new Grid(changed);
    }

    /** Values that have a canonical text stand in a spec by it. @throws IllegalStateException when one has none, as a lambda */
    private static String text(Object value) {
        if (value instanceof Plan plan) {
            return plan.text();
        }
        if (value instanceof Schedule schedule) {
            return schedule.text();
        }
        if (value instanceof Criterion criterion) {
            return criterion.text();
        }
        if (value instanceof Architecture architecture) {
            return architecture.text();
        }
        return value instanceof Dataset data ? data.name() : value.toString();
    }

    /**
     * All combinations, each once, in the order of the axes.
     *
     * @throws IllegalArgumentException when a field is unknown, a value can't be read, or a plan doesn't fit the network: before anything is trained
     */
    public List<Spec> specs() {
        Stream<Map<String, String>> combinations = Stream.of(Map.of());
        for (var axis : axes.entrySet()) {
            combinations = combinations.flatMap(chosen -> axis.getValue().stream().map(value -> {
                Map<String, String> more = new LinkedHashMap<>(chosen);
                more.put(axis.getKey(), value);
                return more;
            }));
        }
        return combinations.map(Grid::spec).distinct().toList();
    }

    private static Spec spec(Map<String, String> chosen) {
        Map<String, String> fields = new LinkedHashMap<>(chosen);
        if ("seed".equals(fields.get("originalSeed"))) {
            fields.put("originalSeed", fields.getOrDefault("seed", "1"));
        }
        long seed = fields.containsKey("seed") ? Spec.original("", "").with("seed", fields.get("seed")).seed() : 1;
        read(fields, "network", text -> Architecture.parse(text).text());
        read(fields, "original", text -> Schedule.parse(text).text());
        read(fields, "recipe", text -> Recipe.parse(text, seed).text());
        read(fields, "plan", text -> Plan.parse(text).text());
        read(fields, "criterion", text -> Criterion.parse(text, seed).text());
        read(fields, "schedule", text -> Schedule.parse(text, fields.getOrDefault("original", "step")).text());
        read(fields, "method", text -> Method.parse(text).text());
        Spec spec = Spec.parse(fields.entrySet().stream().map(field -> field.getKey() + "=" + field.getValue()).collect(Collectors.joining("; ")));
        if (!spec.isOriginal()) {
            requireFit(spec);
        }
        // What only a retraining looks at makes no other original.
        return spec.isOriginal() ? spec.parent() : spec;
    }

    /** Puts the canonical text in the place of another one for the same value: two ways to write the same are one experiment. */
    private static void read(Map<String, String> fields, String field, UnaryOperator<String> canonical) {
        String text = fields.getOrDefault(field, "");
        if (!text.isEmpty()) {
            try {
                fields.put(field, canonical.apply(text));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("the grid's " + field + " '" + text + "': " + e.getMessage(), e);
            }
        }
    }

    /** Plans that need more than the architecture are left to the run: those that rank globally, and the widths that a method finds. */
    private static void requireFit(Spec spec) {
        Plan plan = Plan.parse(spec.plan());
        boolean isFound = plan instanceof FoundPlan && !spec.method().isEmpty();
        if (!plan.needsScores() && !isFound) {
            plan.kept(Architecture.parse(spec.network()));
        }
        Method.parse(spec.method()).check(plan, Criterion.parse(spec.criterion(), spec.seed()));
    }

    /** The experiments of a grid's text, each once. @throws IllegalArgumentException that names the line which can't be read */
    public static List<Spec> parse(String text) {
        Set<Spec> specs = new LinkedHashSet<>();
        Map<String, List<String>> axes = new LinkedHashMap<>();
        int number = 0;
        for (String line : (text + "\n\n").lines().toList()) {
            number++;
            if (line.isBlank() && !axes.isEmpty()) {
                specs.addAll(new Grid(axes).specs());
                axes.clear();
            }
            String content = line.replaceFirst("#.*", "").strip();
            if (!content.isEmpty()) {
                int equals = content.indexOf('=');
                String field = equals < 0 ? content : content.substring(0, equals).strip();
                if (equals < 0 || axes.put(field, values(content.substring(equals + 1))) != null) {
                    throw new IllegalArgumentException("line " + number + " of the grid, '" + line
                            + "', is not 'field = value | value', or names a field again; an empty line begins another grid");
                }
            }
        }
        return List.copyOf(specs);
    }

    /**
     * Those of the experiments that have one of the values in each of the fields, each filter being {@code field=value | value}. An original
     * network is of the seed that it was trained with.
     *
     * @throws IllegalArgumentException for a field that no spec has, or when nothing is left
     */
    public static List<Spec> only(List<Spec> specs, List<String> filters) {
        List<Spec> left = specs;
        for (String filter : filters) {
            int equals = filter.indexOf('=');
            String field = equals < 0 ? filter : filter.substring(0, equals).strip();
            if (equals < 0 || !Spec.names().contains(field)) {
                throw new IllegalArgumentException("'" + filter + "' is no field=value, as in seed=1; the fields are " + Spec.names());
            }
            List<String> wanted = values(filter.substring(equals + 1));
            List<Spec> before = left;
            left = before.stream().filter(spec -> wanted.contains(value(spec, field))).toList();
            if (left.isEmpty()) {
                throw new IllegalArgumentException("no experiment is left with " + filter + "; " + field + " has the values "
                        + before.stream().map(spec -> value(spec, field)).distinct().toList());
            }
        }
        return left;
    }

    private static String value(Spec spec, String field) {
        return spec.fields().get(spec.isOriginal() && field.equals("seed") ? "originalSeed" : field);
    }

    private static List<String> values(String text) {
        List<String> values = new ArrayList<>();
        for (String value : text.split("\\|")) {
            String[] range = value.strip().split("\\.\\.");
            if (range.length == 2 && Stream.of(range).allMatch(end -> end.matches("\\d{1,9}"))) {
                IntStream.rangeClosed(Integer.parseInt(range[0]), Integer.parseInt(range[1])).limit(100_000).forEach(i -> values.add("" + i));
            } else {
                values.add(value.strip());
            }
        }
        return values;
    }
}
