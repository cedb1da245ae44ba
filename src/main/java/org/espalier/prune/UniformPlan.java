package org.espalier.prune;

import java.util.List;
import org.espalier.model.Architecture;

/** The same ratio of channels removed from every prunable group. */
public record UniformPlan(double ratio) implements Plan {

    public UniformPlan {
        Plan.requireRatio(ratio);
    }

    @Override
    public String text() {
        return "uniform(" + ratio + ")";
    }

    @Override
    public List<Integer> kept(Architecture architecture) {
        return architecture.prunable().stream().map(group -> Plan.keep(group, ratio)).toList();
    }
}
