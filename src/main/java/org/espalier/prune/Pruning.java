package org.espalier.prune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.espalier.model.Network;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.model.channels.ChannelRemoval;

/** One-shot structured pruning: every layer is scored on the network as it is, then all are cut together. Ranking is within a layer only. */
public final class Pruning {
    private Pruning() {
    }

    /** A smaller network; the one given is unchanged. */
    public static Network prune(Network network, Plan plan, Criterion criterion) {
        return prune(network, plan, criterion, Calibration.NONE);
    }

    /** The same by a criterion that looks at data. */
    public static Network prune(Network network, Plan plan, Criterion criterion, Calibration calibration) {
        return ChannelRemoval.keep(network, ChannelGroup.named(plan.groups(network.architecture()), best(network, plan, criterion, calibration)));
    }

    /** The indices of the channels that stay, for each prunable group, ascending. Of equal scores the earlier channel stays. */
    public static List<int[]> kept(Network network, Plan plan, Criterion criterion) {
        return kept(network, plan, criterion, Calibration.NONE);
    }

    /**
     * The same by a criterion that looks at data.
     *
     * @throws IllegalArgumentException when the plan doesn't fit, or the criterion returns too few scores, or one that is NaN
     */
    public static List<int[]> kept(Network network, Plan plan, Criterion criterion, Calibration calibration) {
        plan.requirePrunable(network.architecture());
        return best(network, plan, criterion, calibration);
    }

    private static List<int[]> best(Network network, Plan plan, Criterion criterion, Calibration calibration) {
        List<ChannelGroup> groups = plan.groups(network.architecture());
        List<double[]> scores = groups.stream().map(group -> scores(network, group, criterion, calibration)).toList();
        List<Integer> counts = plan.kept(network.architecture(), scores);
        return IntStream.range(0, groups.size()).mapToObj(i -> best(scores.get(i), counts.get(i))).toList();
    }

    private static double[] scores(Network network, ChannelGroup group, Criterion criterion, Calibration calibration) {
        double[] scores = criterion.scores(network, group, calibration);
        if (scores == null || scores.length != group.width()) {
            throw new IllegalArgumentException("the criterion returned " + (scores == null ? "no" : scores.length) + " scores for " + group.name()
                    + ", which has " + group.width() + " channels");
        }
        for (int channel = 0; channel < scores.length; channel++) {
            if (Double.isNaN(scores[channel])) {
                throw new IllegalArgumentException("the criterion's score for channel " + channel + " of " + group.name() + " is NaN");
            }
        }
        return scores;
    }

    private static int[] best(double[] scores, int count) {
        return IntStream.range(0, scores.length).boxed().sorted(Comparator.comparingDouble((Integer channel) -> scores[channel]).reversed())
                .limit(count).mapToInt(Integer::intValue).sorted().toArray();
    }
}
