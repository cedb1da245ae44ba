package org.espalier.study.sweep;

import org.espalier.model.Architecture;
import org.espalier.prune.Plan;
import org.espalier.study.Spec;
import org.espalier.train.Schedule;
import org.espalier.train.StepDecay;

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
            return (double) dense.withWidths(Plan.parse(spec.plan()).kept(dense)).macs(SIDE, SIDE) * spec.epochs();
        } catch (IllegalArgumentException e) {
            return 1;
        }
    }
}
