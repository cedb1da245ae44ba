package org.espalier.study.statistics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.espalier.method.Method;
import org.espalier.prune.Plan;
import org.espalier.study.Result;
import org.espalier.study.Treatment;
import org.espalier.train.Schedule;

/**
 * One side of a comparison: a treatment at a budget, or at several, over which its mean counts.
 *
 * @param epochs the budgets
 */
public record Arm(Treatment treatment, List<Integer> epochs) {
    private static final List<String> FIELDS = List.of("plan", "criterion", "schedule", "epochs", "method");

    public Arm {
        epochs = List.copyOf(epochs);
        if (epochs.isEmpty()) {
            throw new IllegalArgumentException("a side of a comparison has at least one budget");
        }
    }

    /** Reads {@code plan=R20-D; criterion=l1; schedule=clr; epochs=20 | 38}; the criterion may be left out where nothing is pruned. */
    public static Arm parse(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String part : text.split(";")) {
            int equals = part.indexOf('=');
            String field = equals < 0 ? part.strip() : part.substring(0, equals).strip();
            if (equals < 0 || !FIELDS.contains(field) || fields.put(field, part.substring(equals + 1).strip()) != null) {
                throw new IllegalArgumentException("'" + part.strip() + "' is no field=value, or is there twice; the fields are " + FIELDS);
            }
        }
        if (!fields.keySet().containsAll(List.of("plan", "schedule", "epochs"))) {
            throw new IllegalArgumentException("'" + text + "' lacks one of plan, schedule and epochs");
        }
        return new Arm(new Treatment(Plan.parse(fields.get("plan")).text(), fields.getOrDefault("criterion", "l1"),
                Schedule.parse(fields.get("schedule")).text(), Method.parse(fields.getOrDefault("method", "")).text()), Stream.of(fields.get("epochs").split("\\|")).map(Arm::whole).toList());
    }

    private static int whole(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("epochs are a whole number, or several between |, not '" + text.strip() + "'", e);
        }
    }

    /**
     * The change of accuracy in percentage points, mean over the budgets, of each seed that has all of them.
     *
     * @throws IllegalArgumentException when a seed has two results of the same budget
     */
    Map<Long, Double> changes(List<Result> results) {
        Map<Long, Map<Integer, Double>> bySeed = new TreeMap<>();
        results.stream().filter(result -> !result.spec().isOriginal() && Treatment.of(result.spec()).equals(treatment)
                && epochs.contains(result.spec().epochs())).forEach(result -> {
                    if (bySeed.computeIfAbsent(result.spec().seed(), seed -> new TreeMap<>()).put(result.spec().epochs(), result.change()) != null) {
                        throw new IllegalArgumentException("two results are '" + this + "' with seed " + result.spec().seed()
                                + "; choose those of one data set, network, original training and recipe");
                    }
                });
        Map<Long, Double> changes = new TreeMap<>();
        bySeed.forEach((seed, byBudget) -> {
            if (byBudget.keySet().containsAll(epochs)) {
                changes.put(seed, byBudget.values().stream().mapToDouble(Double::doubleValue).average().orElseThrow());
            }
        });
        return changes;
    }

    @Override
    public String toString() {
        return treatment.text() + " at " + String.join(" and ", epochs.stream().map(Object::toString).toList()) + " epochs";
    }
}
