package org.espalier.prune.plans;

import java.util.List;
import org.espalier.model.Architecture;
import org.espalier.prune.Plan;

/** Whatever widths a method finds by itself. The widths of a result of it are a plan for others: {@link WidthsPlan#of(Architecture)}. */
public record FoundPlan() implements Plan {

    @Override
    public String text() {
        return "found";
    }

    @Override
    public List<Integer> kept(Architecture architecture) {
        throw new IllegalArgumentException("plan found is for methods that find their widths by themselves, such as slimming; this one needs a plan, for "
                + "instance uniform(0.5)");
    }
}
