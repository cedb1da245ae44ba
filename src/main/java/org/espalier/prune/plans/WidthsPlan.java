package org.espalier.prune.plans;

import java.util.Collections;
import java.util.List;
import org.espalier.model.Architecture;
import org.espalier.prune.Plan;
import org.espalier.text.CanonicalText;

/**
 * A width for every prunable group: some of the paper's plans, and the widths that another pruning left.
 *
 * @param text    a name, or empty for {@code widths(...)}
 * @param network how the text of the network's architecture begins; empty for any with so many groups
 */
public record WidthsPlan(String text, String network, List<Integer> widths) implements Plan {

    public WidthsPlan {
        widths = List.copyOf(widths);
        if (widths.isEmpty() || widths.stream().anyMatch(width -> width < 1)) {
            throw new IllegalArgumentException("plan " + text + " keeps " + (widths.isEmpty() ? "no" : Collections.min(widths))
                    + " filters in a layer; at least 1 has to stay");
        }
        if (text.isEmpty()) {
            String runs = new CanonicalText("").add("", widths, List.of()).toString();
            text = "widths(" + runs.substring(runs.indexOf('=') + 1) + ")";
        }
    }

    /** These widths, of any network that has so many groups. */
    public static WidthsPlan of(List<Integer> widths) {
        return new WidthsPlan("", "", widths);
    }

    /** What another network has left: "l1 at the widths that GAL found". */
    public static WidthsPlan of(Architecture pruned) {
        return of(pruned.widths());
    }

    @Override
    public List<Integer> kept(Architecture architecture) {
        if (!network.isEmpty()) {
            StagePlan.requireNetwork(text, network, architecture);
        }
        List<Integer> now = architecture.widths();
        if (widths.size() != now.size()) {
            throw new IllegalArgumentException("plan " + text + " has widths for " + widths.size() + " layers, but " + architecture.text() + " has "
                    + now.size() + " that can be pruned");
        }
        for (int i = 0; i < now.size(); i++) {
            if (widths.get(i) > now.get(i)) {
                throw new IllegalArgumentException(text + " keeps " + widths.get(i) + " filters in " + architecture.prunable().get(i).name()
                        + ", but only " + now.get(i) + " are left in it");
            }
        }
        return widths;
    }
}
