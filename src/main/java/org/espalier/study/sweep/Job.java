package org.espalier.study.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.method.Method;
import org.espalier.model.Architecture;
import org.espalier.prune.Plan;
import org.espalier.prune.plans.FoundPlan;
import org.espalier.study.Spec;
import org.espalier.train.Schedule;
import org.espalier.train.schedules.StepDecay;

/**
 * One training, and the specs that it answers: an original network, a retraining, or a retraining that is read at several budgets because its
 * schedule doesn't look at the budget.
 *
 * @param specs that differ in their budgets only, the longest last
 */
public record Job(List<Spec> specs) {
    private static final int SIDE = 32;

    public Job {
        specs = specs.stream().sorted(Comparator.comparingInt(Spec::epochs)).toList();
        if (specs.isEmpty()) {
            throw new IllegalArgumentException("a job answers at least one spec");
        }
    }

    /** The jobs for these specs and for the original networks that they start from, originals first. */
    public static List<Job> of(List<Spec> specs) {
        Set<Spec> all = new LinkedHashSet<>();
        specs.forEach(spec -> all.add(spec.parent()));
        all.addAll(specs);
        Map<String, List<Spec>> jobs = new LinkedHashMap<>();
        all.forEach(spec -> jobs.computeIfAbsent(key(spec), key -> new ArrayList<>()).add(spec));
        return jobs.values().stream().map(Job::new).toList();
    }

    /** The training that is done. */
    public Spec longest() {
        return specs.get(specs.size() - 1);
    }

    /** What is claimed: the same for all budgets that one training answers. */
    public String key() {
        return key(longest());
    }

    /** What it costs, in a unit that only compares: multiply-adds of one image times epochs; 1 for a spec that can't be read, whose failing costs nothing. */
    public double cost() {
        Spec spec = longest();
        try {
            Architecture dense = Architecture.parse(spec.network());
            if (spec.isOriginal()) {
                int epochs = spec.weights().isEmpty() && Schedule.parse(spec.original()) instanceof StepDecay original ? original.epochs() : 0;
                return (double) dense.macs(SIDE, SIDE) * Math.max(1, epochs);
            }
            Plan plan = Plan.parse(spec.plan());
            Architecture left = plan instanceof FoundPlan || plan.needsScores() ? dense : plan.pruned(dense);
            return (double) left.macs(SIDE, SIDE) * spec.epochs() + Method.parse(spec.method()).phases(dense, plan).stream()
                    .mapToDouble(phase -> (double) phase.architecture().macs(SIDE, SIDE) * phase.epochs()).sum();
        } catch (IllegalArgumentException e) {
            return 1;
        }
    }

    private static String key(Spec spec) {
        return !spec.isOriginal() && !dependsOnBudget(spec.schedule()) ? spec.with("epochs", 1).id() : spec.id();
    }

    private static boolean dependsOnBudget(String schedule) {
        try {
            return Schedule.parse(schedule).dependsOnBudget();
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /** The same without the specs that are answered already. */
    public Job only(List<Spec> lacking) {
        return new Job(lacking);
    }

    @Override
    public String toString() {
        return longest().text() + (specs.size() > 1 ? " and " + (specs.size() - 1) + " shorter budgets" : "");
    }
}
