package org.espalier.train;

import org.espalier.data.Dataset;
import org.espalier.data.Feed;
import org.espalier.data.Normalisation;
import org.espalier.data.Split;
import org.espalier.engine.DeviceNetwork;
import org.espalier.model.Network;

/** Images for a network on its device, laid out as it is executed. */
final class Feeding {
    private Feeding() {
    }

    /** @throws IllegalArgumentException when the network can't see these images, or knows fewer classes than they have */
    static void requireFit(Network network, Dataset data) {
        int channels = network.architecture().channels();
        int classes = network.architecture().classes();
        if (channels != data.test().channels() || classes < data.test().classes().size()) {
            throw new IllegalArgumentException("the network takes " + channels + " channels and knows " + classes + " classes, but the images of "
                    + data.name() + " have " + data.test().channels() + " channels and " + data.test().classes().size() + " classes");
        }
    }

    static Feed of(DeviceNetwork network, Split split, Normalisation normalisation) {
        return split.on(network.manager(), normalisation, network.execution().layout());
    }
}
