package org.espalier.prune;

import java.util.List;
import java.util.Map;
import org.espalier.model.Architecture;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.prune.plans.Plans;

/** How many channels each prunable group keeps. The paper's plans, and others that a text names, stand in {@code prune.plans}. */
public interface Plan {

    /** Canonical, and what {@link #parse} reads. */
    String text();

    /**
     * The channels that each of {@link #groups} keeps, in order; at least one in each.
     *
     * @throws IllegalArgumentException when the plan was made for another network
     */
    List<Integer> kept(Architecture architecture);

    /** The groups that it prunes: the network's prunable ones, or all. */
    default List<ChannelGroup> groups(Architecture architecture) {
        return architecture.prunable();
    }

    /** What it leaves of an architecture. */
    default Architecture pruned(Architecture architecture) {
        return architecture.resized(ChannelGroup.named(groups(architecture), kept(architecture)));
    }

    /** The same where the plan compares channels of different groups: by their scores, a score for each channel of each group. */
    default List<Integer> kept(Architecture architecture, List<double[]> scores) {
        return kept(architecture);
    }

    /** Whether it compares channels of different groups, so that nobody knows the widths before the scores. */
    default boolean needsScores() {
        return false;
    }

    /** A named plan of the paper, or {@code uniform(0.5)}, {@code uniform(0.5,all)}, {@code macs(0.5)}, {@code parameters(0.5)}, {@code widths(8,8,16)}. */
    static Plan parse(String text) {
        return Plans.parse(text);
    }

    /** Every named plan, by name. */
    static Map<String, Plan> named() {
        return Plans.named();
    }

    /** For what goes through the prunable groups one by one. @throws IllegalArgumentException when the plan prunes others, too */
    default void requirePrunable(Architecture architecture) {
        if (!groups(architecture).equals(architecture.prunable())) {
            throw new IllegalArgumentException("plan " + text() + " prunes all groups of channels, which one-shot and iterative pruning and training from "
                    + "scratch can do; this method takes the prunable ones alone, as uniform(ratio) has them");
        }
    }
}
