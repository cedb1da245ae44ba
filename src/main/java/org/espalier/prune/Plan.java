package org.espalier.prune;

import java.util.List;
import java.util.Map;
import org.espalier.model.Architecture;
import org.espalier.model.channels.ChannelGroup;

/**
 * How many channels each prunable group keeps. The paper's plans have names ({@code R56-B}); {@link UniformPlan} and {@link TargetPlan} fit any
 * network; {@link WidthsPlan} says every width, {@link FoundPlan} leaves them to a method.
 */
public sealed interface Plan permits UniformPlan, StagePlan, WidthsPlan, TargetPlan, FoundPlan {

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
        return PaperPlans.BY_NAME;
    }

    /** What is left of a group without a ratio of it, as the paper's code counts: truncated, in double arithmetic; but at least one channel. */
    static int keep(ChannelGroup group, double ratio) {
        return Math.max(1, (int) (group.width() * (1 - ratio)));
    }

    static void requireRatio(double ratio) {
        if (!(ratio >= 0 && ratio < 1)) {
            throw new IllegalArgumentException("a ratio of filters to remove lies in [0, 1): " + ratio + " doesn't");
        }
    }

    /** For what goes through the prunable groups one by one. @throws IllegalArgumentException when the plan prunes others, too */
    default void requirePrunable(Architecture architecture) {
        if (!groups(architecture).equals(architecture.prunable())) {
            throw new IllegalArgumentException("plan " + text() + " prunes all groups of channels, which one-shot and iterative pruning and training from "
                    + "scratch can do; this method takes the prunable ones alone, as uniform(ratio) has them");
        }
    }

    /** @throws IllegalArgumentException when a plan for one network, before anything was removed from it, is used on another */
    static void requireNetwork(String plan, String network, Architecture architecture) {
        if (!(architecture.text() + " ").startsWith(network + " ")) {
            throw new IllegalArgumentException("plan " + plan + " is made for " + network + ", not for " + architecture.text()
                    + "; uniform(ratio) fits any network");
        }
        List<Integer> expected = Architecture.parse(network).widths();
        if (!architecture.widths().equals(expected)) {
            throw new IllegalArgumentException("plan " + plan + " is made for the dense " + network + " of the widths " + expected + ", but this one has "
                    + architecture.widths() + (architecture.equals(architecture.dense()) ? "" : ": it was pruned already") + "; uniform(ratio) fits any network");
        }
    }
}
