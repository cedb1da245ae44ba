package org.espalier.study;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.espalier.method.Method;
import org.espalier.model.Architecture;
import org.espalier.prune.Plan;
import org.espalier.prune.plans.FoundPlan;
import org.espalier.train.Schedule;
import org.espalier.train.schedules.StepDecay;

/**
 * What a result costs in all: the original's training, the trainings of its method, the retraining. It follows from the spec. A method that begins
 * with initial weights owes the original nothing.
 *
 * <p>A network's MACs are those of one image of its usual size. Evaluations, calibration and what a method computes beside its network's training,
 * such as GAL's forward pass of the teacher, aren't counted.
 */
public record TotalCost(Part pretraining, Part pruning, Part retraining) {

    /**
     * One of the three.
     *
     * @param epochs    NaN where nobody knows, as of weights that were trained elsewhere
     * @param macEpochs multiply-adds of one image times epochs; NaN where the widths aren't known
     */
    public record Part(double epochs, double macEpochs) {
        static final Part NONE = new Part(0, 0);

        static Part of(Architecture architecture, double epochs) {
            return new Part(epochs, epochs * architecture.macs());
        }

        Part plus(Part other) {
            return new Part(epochs + other.epochs, macEpochs + other.macEpochs);
        }
    }

    /** From the spec alone: where the plan is {@code found}, the MACs of the retraining aren't known. */
    public static TotalCost of(Spec spec) {
        return of(spec, "");
    }

    /** From the spec, and the widths that the result's method found. */
    public static TotalCost of(Result result) {
        return of(result.spec(), result.architecture());
    }

    private static TotalCost of(Spec spec, String found) {
        Architecture dense = Architecture.parse(spec.network());
        boolean known = spec.weights().isEmpty() && Schedule.parse(spec.original()) instanceof StepDecay;
        Part original = Part.of(dense, known ? ((StepDecay) Schedule.parse(spec.original())).epochs() : Double.NaN);
        if (spec.isOriginal()) {
            return new TotalCost(original, Part.NONE, Part.NONE);
        }
        Plan plan = Plan.parse(spec.plan());
        Method method = Method.parse(spec.method());
        Part pruning = method.phases(dense, plan).stream().map(phase -> Part.of(phase.architecture(), phase.epochs())).reduce(Part.NONE, Part::plus);
        return new TotalCost(method.startsFromOriginal() ? original : Part.NONE, pruning, retraining(spec, dense, plan, found));
    }

    private static Part retraining(Spec spec, Architecture dense, Plan plan, String found) {
        if (!found.isEmpty()) {
            return Part.of(Architecture.parse(found), spec.epochs());
        }
        return plan instanceof FoundPlan || plan.needsScores() ? new Part(spec.epochs(), Double.NaN)
                : Part.of(plan.pruned(dense), spec.epochs());
    }

    /** Of all three. */
    public Part all() {
        return pretraining.plus(pruningAndRetraining());
    }

    /** Without the original's training. */
    public Part pruningAndRetraining() {
        return pruning.plus(retraining);
    }

    /** {@code 160 + 0 + 40 = 200 epochs, 2.371e+10 MAC-epochs}. */
    @Override
    public String toString() {
        List<String> parts = Stream.of(pretraining, pruning, retraining, all()).map(part -> number(part.epochs)).toList();
        return parts.get(0) + " + " + parts.get(1) + " + " + parts.get(2) + " = " + parts.get(3) + " epochs, "
                + (Double.isNaN(all().macEpochs) ? "?" : String.format(Locale.ROOT, "%.3e", all().macEpochs)) + " MAC-epochs";
    }

    private static String number(double epochs) {
        return Double.isNaN(epochs) ? "?" : String.format(Locale.ROOT, "%,.0f", epochs);
    }
}
