package org.espalier.compute;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.model.Layer;

/** What one thread computes with, kept from batch to batch. */
final class Workspace implements AutoCloseable {
    /** Each shape of a layer and each number of images has its own; who trains and evaluates needs a few dozen. */
    private static final int CONVOLUTIONS = 512;

    private final Map<Integer, ChannelRows> rows = new HashMap<>();
    private final Map<Convolution.Shape, Convolution> convolutions = new LinkedHashMap<>(16, .75f, true);
    final Scratch input = new Scratch();
    final Scratch gradient = new Scratch();

    ChannelRows rows(int channels) {
        return rows.computeIfAbsent(channels, ChannelRows::new);
    }

    /** For a piece of images like these. */
    Convolution convolution(Layer.Conv layer, Piece piece, ChannelsLast images) {
        var shape = Convolution.Shape.of(layer, piece.images(), images.height(), images.width());
        Convolution planned = convolutions.get(shape);
        if (planned == null) {
            if (convolutions.size() == CONVOLUTIONS) {
                convolutions.remove(convolutions.keySet().iterator().next()).close();
            }
            planned = new Convolution(shape);
            convolutions.put(shape, planned);
        }
        return planned;
    }

    @Override
    public void close() {
        convolutions.values().forEach(Convolution::close);
        convolutions.clear();
    }
}
