package org.espalier.prune;

import java.util.Map;
import org.espalier.model.Network;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.prune.criteria.Criteria;
import org.espalier.text.ClassText;

/**
 * How much a channel is worth: one score for each channel of a group; the lowest go first. Open: a lambda is enough for {@code prune}; a public
 * record on the class path has a text besides, and so works in sweeps and workers.
 *
 * <pre>{@code
 * Criterion mean = (network, group, calibration) -> Filters.scores(network, group, filter -> Math.abs(sum(filter)));
 * }</pre>
 */
@FunctionalInterface
public interface Criterion {

    /**
     * Scores the channels of a group; higher is worth more.
     *
     * @param calibration gradients and activations of mini-batches; without data, each of its methods says so
     * @return a score for each of the group's channels, in order, none of them NaN
     */
    double[] scores(Network network, ChannelGroup group, Calibration calibration);

    /** Canonical, and what {@link #parse} reads. @throws IllegalStateException when this has no text, as a lambda */
    default String text() {
        return Criteria.name(this).orElseGet(() -> ClassText.require(this, "criterion", "seed"));
    }

    /** @param seed used by criteria that draw lots */
    static Criterion parse(String text, long seed) {
        if (ClassText.names(text.strip().split("\\s+")[0])) {
            return ClassText.parse(text, Criterion.class, Map.of("seed", seed));
        }
        return Criteria.parse(text, seed);
    }
}
