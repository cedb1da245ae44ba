package org.espalier.prune.plans;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.espalier.model.Architecture;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.prune.Plan;

/**
 * As many channels as leave at most a fraction of the parameters or multiply-adds: the largest network that meets the target.
 *
 * @param fraction of the dense network's cost that may stay, in (0, 1]
 * @param ranking  whether each group loses the same ratio, or the channels with the lowest scores of all groups go
 * @param floor    the least ratio of its channels that a group keeps, whatever their scores
 * @param ceiling  the most that it keeps
 */
public record TargetPlan(Cost cost, double fraction, Ranking ranking, double floor, double ceiling) implements Plan {
    /** Ratios that are tried: more than any layer has channels. */
    private static final int STEPS = 1 << 14;

    /** What is counted, at the network's usual size of images. */
    public enum Cost {
        MACS, PARAMETERS;

        private long of(Architecture architecture) {
            return this == PARAMETERS ? architecture.parameters() : architecture.macs();
        }
    }

    /** What channels are compared with. */
    public enum Ranking {
        LAYERWISE, GLOBAL
    }

    public TargetPlan {
        if (!(fraction > 0 && fraction <= 1)) {
            throw new IllegalArgumentException("a target is a fraction of the cost in (0, 1], not " + fraction);
        }
        if (!(floor >= 0 && floor <= ceiling && ceiling <= 1)) {
            throw new IllegalArgumentException("0 <= floor <= ceiling <= 1 is needed, not " + floor + " and " + ceiling);
        }
    }

    public static TargetPlan of(Cost cost, double fraction) {
        return new TargetPlan(cost, fraction, Ranking.LAYERWISE, 0, 1);
    }

    /** The channels with the lowest scores of all groups go, so many as the target needs. */
    public TargetPlan globally() {
        return new TargetPlan(cost, fraction, Ranking.GLOBAL, floor, ceiling);
    }

    /** No group keeps less than this ratio of its channels, nor more than the other. */
    public TargetPlan keeping(double least, double most) {
        return new TargetPlan(cost, fraction, ranking, least, most);
    }

    @Override
    public String text() {
        return cost.name().toLowerCase(Locale.ROOT) + "(" + fraction + (ranking == Ranking.GLOBAL ? ",global" : "")
                + (floor > 0 ? ",floor=" + floor : "") + (ceiling < 1 ? ",ceiling=" + ceiling : "") + ")";
    }

    @Override
    public boolean needsScores() {
        return ranking == Ranking.GLOBAL;
    }

    @Override
    public List<Integer> kept(Architecture architecture) {
        if (needsScores()) {
            throw new IllegalArgumentException("plan " + text() + " compares channels of all layers by their scores; it needs a network and a criterion");
        }
        List<ChannelGroup> groups = architecture.prunable();
        return largest(architecture, STEPS, step -> groups.stream().map(group -> bounded(group, UniformPlan.keep(group, (double) step / STEPS))).toList());
    }

    @Override
    public List<Integer> kept(Architecture architecture, List<double[]> scores) {
        if (ranking == Ranking.LAYERWISE) {
            return kept(architecture);
        }
        record Channel(int group, double score) {
        }

        List<ChannelGroup> groups = architecture.prunable();
        List<Channel> lowestFirst = IntStream.range(0, groups.size()).boxed()
                .flatMap(group -> IntStream.range(0, scores.get(group).length).mapToObj(i -> new Channel(group, scores.get(group)[i])))
                .sorted(Comparator.comparingDouble(Channel::score)).toList();
        return largest(architecture, lowestFirst.size(), removed -> {
            int[] left = groups.stream().mapToInt(ChannelGroup::width).toArray();
            lowestFirst.subList(0, removed).forEach(channel -> left[channel.group]--);
            List<Integer> kept = new ArrayList<>();
            for (int i = 0; i < left.length; i++) {
                kept.add(bounded(groups.get(i), left[i]));
            }
            return kept;
        });
    }

    private int bounded(ChannelGroup group, int kept) {
        int least = Math.max(1, (int) Math.ceil(floor * group.width()));
        return Math.max(least, Math.min(kept, Math.max(least, (int) (ceiling * group.width()))));
    }

    /** The first of ever smaller widths that meets the target, found by halving. */
    private List<Integer> largest(Architecture architecture, int steps, IntFunction<List<Integer>> widths) {
        long dense = cost.of(architecture.dense());
        long most = (long) (fraction * dense);
        int low = 0;
        int high = steps;
        while (low < high) {
            int middle = (low + high) / 2;
            if (cost.of(architecture.withWidths(widths.apply(middle))) <= most) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        List<Integer> found = widths.apply(low);
        long left = cost.of(architecture.withWidths(found));
        if (left > most) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "plan %s can't be met by %s: with the least that each layer may keep, %.4f of its %s "
                    + "stay; that is the nearest target", text(), architecture.text(), Math.ceil(1e4 * left / dense) / 1e4, cost.name().toLowerCase(Locale.ROOT)));
        }
        return found;
    }
}
