package org.espalier.train;

import org.espalier.data.DeviceImages;
import org.espalier.data.Images;
import org.espalier.data.Layout;
import org.espalier.data.Normalisation;
import org.espalier.model.LiveNetwork;

/** Images on the device of a network, laid out as it is executed. */
final class Resident {
    private Resident() {
    }

    static DeviceImages on(LiveNetwork network, Images images, Normalisation normalisation) {
        return DeviceImages.on(network.manager(), images, normalisation,
                network.execution().channelsLast() ? Layout.CHANNELS_LAST : Layout.CONTIGUOUS);
    }
}
