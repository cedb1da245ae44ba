package org.espalier.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.model.channels.ChannelRemoval;

/** Networks whose channels are set to zero, scale and shift included, instead of removed: the same function. */
public final class Masked {
    private Masked() {
    }

    /** @param kept for each prunable group, the indices of the channels that stay */
    public static Network of(Network network, List<int[]> kept) {
        return of(network, ChannelGroup.named(network.architecture().prunable(), kept));
    }

    /** @param kept by the groups' names; those that aren't named keep all */
    public static Network of(Network network, Map<String, int[]> kept) {
        Map<String, Tensor> zeroed = new LinkedHashMap<>();
        ChannelRemoval.places(network.architecture(), kept).forEach((name, places) -> {
            if (places.containsKey(0) && !name.contains(".running_")) {
                Tensor whole = network.weights().get(name);
                zeroed.put(name, whole.select(0, places.get(0)).scatter(0, whole.shape()[0], places.get(0), 0));
            }
        });
        return network.with(network.weights().with(zeroed));
    }
}
