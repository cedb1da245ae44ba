package org.espalier.study;

import org.espalier.train.Schedule;
import org.espalier.train.schedules.FT;

/**
 * What is done to an original network, up to budget and seed: how much is pruned, what is pruned, and how it is retrained.
 *
 * @param plan      canonical text
 * @param criterion canonical text
 * @param schedule  canonical text, with its parameters: two rates of FT are two treatments
 * @param method    canonical text; empty for one-shot pruning
 */
public record Treatment(String plan, String criterion, String schedule, String method) {
    private static final String UNPRUNED = "uniform(0.0)";

    /** @throws IllegalArgumentException for an original network, to which nothing is done */
    public static Treatment of(Spec spec) {
        if (spec.isOriginal()) {
            throw new IllegalArgumentException(spec + " is an original network, neither pruned nor retrained");
        }
        return new Treatment(spec.plan(), spec.criterion(), spec.schedule(), spec.method());
    }

    /** Whether its plan removes nothing, as in a control. */
    public boolean isUnpruned() {
        return plan.equals(UNPRUNED);
    }

    /** {@code l1 + CLR}, {@code l1 + FT rate=0.01}, {@code unpruned + CLR}: without the plan, and without the original schedule that LRW rewinds. */
    public String label() {
        Schedule parsed = Schedule.parse(schedule);
        String parameters = schedule.startsWith("lrw") || !schedule.contains(" ") ? "" : schedule.substring(schedule.indexOf(' '));
        return (isUnpruned() ? "unpruned" : pruning()) + " + " + (parsed instanceof FT ? "FT" : parsed.label()) + parameters;
    }

    /** {@code l1}; {@code sfp}; {@code taylor, iterative}: l1 stands in specs of methods that have a criterion of their own, too. */
    public String pruning() {
        return method.isEmpty() ? criterion : criterion.equals("l1") ? method : criterion + ", " + method;
    }

    /** All of it: {@code R20-D, l1 + lrw epochs=40}. */
    public String text() {
        return plan + ", " + pruning() + " + " + schedule;
    }
}
