package org.espalier.prune;

import java.util.List;
import org.espalier.model.Architecture;
import org.espalier.model.channels.ChannelGroup;

/** The same ratio of channels removed from every prunable group, or from all: also from those that several layers put out, as sums of blocks are. */
public record UniformPlan(double ratio, Groups of) implements Plan {

    /** Which groups lose channels. */
    public enum Groups {
        PRUNABLE, ALL
    }

    public UniformPlan {
        Plan.requireRatio(ratio);
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
        return groups(architecture).stream().map(group -> Plan.keep(group, ratio)).toList();
    }
}
