package org.espalier.prune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.espalier.model.Filters;
import org.espalier.model.Network;
import org.espalier.model.Prunable;

/** One-shot structured pruning: every layer is scored on the network as it is, then all are cut together. Ranking is within a layer only. */
public final class Pruning {
    private Pruning() {
    }

    /** A smaller network; the one given is unchanged. */
    public static Network prune(Network network, Plan plan, Criterion criterion) {
        return Filters.keep(network, kept(network, plan, criterion)).with(network.names());
    }

    /** The indices of the filters that stay, per prunable layer, ascending. Of equal scores the earlier filter stays. */
    public static List<int[]> kept(Network network, Plan plan, Criterion criterion) {
        List<Integer> counts = plan.kept(network.architecture());
        List<int[]> kept = new ArrayList<>();
        List<Prunable> layers = network.architecture().prunable();
        for (int i = 0; i < layers.size(); i++) {
            double[] scores = criterion.scores(network, layers.get(i));
            kept.add(IntStream.range(0, scores.length).boxed()
                    .sorted(Comparator.comparingDouble((Integer filter) -> scores[filter]).reversed())
                    .limit(counts.get(i)).mapToInt(Integer::intValue).sorted().toArray());
        }
        return kept;
    }
}
