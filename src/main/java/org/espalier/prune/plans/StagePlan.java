package org.espalier.prune.plans;

import java.util.List;
import java.util.Set;
import org.espalier.model.Architecture;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.prune.Plan;

/**
 * A ratio of channels to remove for each stage, and groups that stay dense: the form of the paper's plans for ResNets.
 *
 * @param network how the text of the network's architecture begins
 * @param dense   the {@link ChannelGroup#id ids} of the groups that are left alone
 * @param rounds  whether the plan may be applied again and again, each time to what is left
 */
public record StagePlan(String text, String network, List<Double> ratios, Set<Integer> dense, Rounds rounds) implements Plan {

    /** How often a plan may be applied to a network. */
    public enum Rounds {
        ONE_SHOT, ITERATIVE
    }

    public StagePlan {
        ratios = List.copyOf(ratios);
        dense = Set.copyOf(dense);
        ratios.forEach(UniformPlan::requireRatio);
    }

    @Override
    public List<Integer> kept(Architecture architecture) {
        requireNetwork(text, network, rounds == Rounds.ITERATIVE ? architecture.dense() : architecture);
        List<ChannelGroup> groups = architecture.prunable();
        int stages = 1 + groups.stream().mapToInt(ChannelGroup::stage).max().orElse(-1);
        if (ratios.size() != stages) {
            throw new IllegalArgumentException("plan " + text + " has ratios for " + ratios.size() + " stages, but " + architecture.text() + " has "
                    + stages);
        }
        return groups.stream().map(group -> dense.contains(group.id()) ? group.width() : UniformPlan.keep(group, ratios.get(group.stage()))).toList();
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
