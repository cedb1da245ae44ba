package org.espalier.train;

import org.espalier.data.Feed;
import org.espalier.data.Layout;
import org.espalier.data.Normalisation;
import org.espalier.data.Split;
import org.espalier.model.LiveNetwork;

/** Images for a network on its device, laid out as it is executed. */
final class Feeding {
    private Feeding() {
    }

    static Feed of(LiveNetwork network, Split split, Normalisation normalisation) {
        return split.on(network.manager(), normalisation, network.execution().channelsLast() ? Layout.CHANNELS_LAST : Layout.CONTIGUOUS);
    }
}
