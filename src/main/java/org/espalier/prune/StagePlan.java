package org.espalier.prune;

import java.util.List;
import java.util.Set;
import org.espalier.model.Architecture;
import org.espalier.model.channels.ChannelGroup;

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
        ratios.forEach(Plan::requireRatio);
    }

    @Override
    public List<Integer> kept(Architecture architecture) {
        Plan.requireNetwork(text, network, rounds == Rounds.ITERATIVE ? architecture.dense() : architecture);
        List<ChannelGroup> groups = architecture.prunable();
        int stages = 1 + groups.stream().mapToInt(ChannelGroup::stage).max().orElse(-1);
        if (ratios.size() != stages) {
            throw new IllegalArgumentException("plan " + text + " has ratios for " + ratios.size() + " stages, but " + architecture.text() + " has "
                    + stages);
        }
        return groups.stream().map(group -> dense.contains(group.id()) ? group.width() : Plan.keep(group, ratios.get(group.stage()))).toList();
    }
}
