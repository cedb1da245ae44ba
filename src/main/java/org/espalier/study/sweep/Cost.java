package org.espalier.study.sweep;

import org.espalier.method.Method;
import org.espalier.model.Architecture;
import org.espalier.prune.Plan;
import org.espalier.prune.plans.FoundPlan;
import org.espalier.study.Spec;
import org.espalier.train.Schedule;
import org.espalier.train.schedules.StepDecay;

/** What a training costs: multiply-adds of one image times epochs. Data sets count alike, since a study rarely mixes them. */
final class Cost {
    private static final int SIDE = 32;

    private Cost() {
    }

    /** 1 for a spec that can't be read: its failing costs nothing. */
    static double of(Spec spec) {
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
}
