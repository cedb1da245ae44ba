package org.espalier.prune.plans;

import java.util.List;
import org.espalier.model.Architecture;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.prune.Plan;

/** The same ratio of channels removed from every prunable group, or from all: also from those that several layers put out, as sums of blocks are. */
public record UniformPlan(double ratio, Groups of) implements Plan {

    /** Which groups lose channels. */
    public enum Groups {
        PRUNABLE, ALL
    }

    public UniformPlan {
        requireRatio(ratio);
    }

    static void requireRatio(double ratio) {
        if (!(ratio >= 0 && ratio < 1)) {
            throw new IllegalArgumentException("a ratio of filters to remove lies in [0, 1): " + ratio + " doesn't");
        }
    }

    /** What is left of a group without a ratio of it, as the paper's code counts: truncated, in double arithmetic; but at least one channel. */
    static int keep(ChannelGroup group, double ratio) {
        return Math.max(1, (int) (group.width() * (1 - ratio)));
    }

    /** Of the prunable groups. */
    public UniformPlan(double ratio) {
        this(ratio, Groups.PRUNABLE);
    }

    @Override
    public String text() {
        return "uniform(" + ratio + (of == Groups.ALL ? ",all)" : ")");
    }

    @Override
    public List<ChannelGroup> groups(Architecture architecture) {
        return of == Groups.ALL ? architecture.groups() : architecture.prunable();
    }

    @Override
    public List<Integer> kept(Architecture architecture) {
        return groups(architecture).stream().map(group -> keep(group, ratio)).toList();
    }
}
