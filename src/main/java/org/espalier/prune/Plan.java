package org.espalier.prune;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.espalier.model.Architecture;
import org.espalier.model.ChannelGroup;

/** How many filters each layer keeps. The paper's plans have names; {@link Uniform} fits any network. */
public sealed interface Plan {

    /** Canonical, and what {@link #parse} reads. */
    String text();

    /**
     * The filters that each prunable layer keeps, in order; at least one in each.
     *
     * @throws IllegalArgumentException when the plan was made for another network
     */
    List<Integer> kept(Architecture architecture);

    /** A named plan of the paper, {@code R20-A} to {@code R20-D}, or {@code uniform(0.5)}. */
    static Plan parse(String text) {
        if (text.startsWith("uniform(") && text.endsWith(")")) {
            try {
                return new Uniform(Double.parseDouble(text.substring(8, text.length() - 1)));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("'" + text + "' is no plan: a number stands between the brackets, as in uniform(0.5)", e);
            }
        }
        Plan named = PaperPlans.BY_NAME.get(text);
        if (named == null) {
            throw new IllegalArgumentException("'" + text + "' is no plan; known are uniform(ratio) and "
                    + PaperPlans.BY_NAME.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        return named;
    }

    /** Every named plan, by name. */
    static Map<String, Plan> named() {
        return PaperPlans.BY_NAME;
    }

    /** The same ratio of filters removed from every prunable layer. */
    record Uniform(double ratio) implements Plan {
        public Uniform {
            requireRatio(ratio);
        }

        @Override
        public String text() {
            return "uniform(" + ratio + ")";
        }

        @Override
        public List<Integer> kept(Architecture architecture) {
            return architecture.prunable().stream().map(layer -> keep(layer, ratio)).toList();
        }
    }

    /**
     * A ratio per stage, and layers that stay dense.
     *
     * @param network how the text of the network's architecture begins
     * @param dense   the {@link ChannelGroup#id ids} of the layers that are left alone
     */
    record PerStage(String text, String network, List<Double> ratios, Set<Integer> dense) implements Plan {
        public PerStage {
            ratios = List.copyOf(ratios);
            dense = Set.copyOf(dense);
            ratios.forEach(Plan::requireRatio);
        }

        @Override
        public List<Integer> kept(Architecture architecture) {
            requireNetwork(text, network, architecture);
            int stages = 1 + architecture.prunable().stream().mapToInt(ChannelGroup::stage).max().orElse(-1);
            if (ratios.size() != stages) {
                throw new IllegalArgumentException("plan " + text + " has ratios for " + ratios.size() + " stages, but " + architecture.text() + " has "
                        + stages);
            }
            return architecture.prunable().stream()
                    .map(layer -> dense.contains(layer.id()) ? layer.width() : keep(layer, ratios.get(layer.stage()))).toList();
        }
    }

    /** A width for every layer. */
    record Widths(String text, String network, List<Integer> widths) implements Plan {
        public Widths {
            widths = List.copyOf(widths);
            if (widths.stream().anyMatch(width -> width < 1)) {
                throw new IllegalArgumentException("plan " + text + " keeps " + Collections.min(widths) + " filters in a layer; at least 1 has to stay");
            }
        }

        @Override
        public List<Integer> kept(Architecture architecture) {
            requireNetwork(text, network, architecture);
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

    /** As the paper's code counts: truncated, in double arithmetic; but a layer keeps at least one filter. */
    private static int keep(ChannelGroup layer, double ratio) {
        return Math.max(1, (int) (layer.width() * (1 - ratio)));
    }

    private static void requireRatio(double ratio) {
        if (!(ratio >= 0 && ratio < 1)) {
            throw new IllegalArgumentException("a ratio of filters to remove lies in [0, 1): " + ratio + " doesn't");
        }
    }

    private static void requireNetwork(String plan, String network, Architecture architecture) {
        if (!(architecture.text() + " ").startsWith(network + " ")) {
            throw new IllegalArgumentException("plan " + plan + " is made for " + network + ", not for " + architecture.text()
                    + "; uniform(ratio) fits any network");
        }
    }
}
