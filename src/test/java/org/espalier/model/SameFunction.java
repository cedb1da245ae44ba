package org.espalier.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.engine.device.ChannelPadding;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.model.channels.ChannelRemoval;

/** Networks that compute the same function as others. */
public final class SameFunction {
    private SameFunction() {
    }

    /**
     * With channels set to zero, scale and shift included, instead of removed.
     *
     * @param kept for each prunable group, the indices of the channels that stay
     */
    public static Network masked(Network network, List<int[]> kept) {
        return masked(network, ChannelGroup.named(network.architecture().prunable(), kept));
    }

    /** @param kept by the groups' names; those that aren't named keep all */
    public static Network masked(Network network, Map<String, int[]> kept) {
        Map<String, Tensor> zeroed = new LinkedHashMap<>();
        ChannelRemoval.places(network.architecture(), kept).forEach((name, places) -> {
            if (places.containsKey(0) && !name.contains(".running_")) {
                Tensor whole = network.weights().get(name);
                zeroed.put(name, whole.select(0, places.get(0)).scatter(0, whole.shape()[0], places.get(0), 0));
            }
        });
        return network.with(network.weights().with(zeroed));
    }

    /** With channels that do nothing. */
    public static Network padded(Network network, List<Integer> widths) {
        return new Network(network.architecture().withWidths(widths), ChannelPadding.pad(network.architecture(), network.weights(), widths));
    }
}
