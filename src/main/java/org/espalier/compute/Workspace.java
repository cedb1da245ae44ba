package org.espalier.compute;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.model.Layer;

/** What one thread computes with, kept from batch to batch. */
final class Workspace implements AutoCloseable {
    /** Each shape of a layer and each number of images has its own; who trains and evaluates needs a few dozen. */
    private static final int CONVOLUTIONS = 512;

    private record Plan(Convolution.Shape shape, boolean winograd) {
    }

    private final boolean winograd;
    private final Map<Integer, ChannelRows> rows = new HashMap<>();
    private final Map<Plan, Convolution> convolutions = new LinkedHashMap<>(16, .75f, true);
    private final WinogradDomain domain = new WinogradDomain();
    final Scratch input = new Scratch();
    final Scratch gradient = new Scratch();

    /** @param winograd whether convolutions are Winograd's where that pays */
    Workspace(boolean winograd) {
        this.winograd = winograd;
    }

    ChannelRows rows(int channels) {
        return rows.computeIfAbsent(channels, ChannelRows::new);
    }

    /**
     * Images as they go through a convolution.
     *
     * @param fromTheEnd every other layer begins where the one before ended, with what is in the cache still
     */
    List<Piece> pieces(ChannelsLast images, boolean fromTheEnd) {
        int most = winograd ? Piece.WINOGRAD_NUMBERS : Piece.NUMBERS;
        List<Piece> pieces = new ArrayList<>(Piece.of(images.images(), images.numbersPerImage(), most));
        if (fromTheEnd) {
            Collections.reverse(pieces);
        }
        return pieces;
    }

    /** For the way through, for a piece of images like these. */
    Convolution forward(Layer.Conv layer, Piece piece, ChannelsLast images) {
        var shape = Convolution.Shape.of(layer, piece.images(), images.height(), images.width());
        return planned(new Plan(shape, winograd && Winograd.paysForward(shape)));
    }

    /** For the way back. */
    Convolution backward(Layer.Conv layer, Piece piece, ChannelsLast images) {
        var shape = Convolution.Shape.of(layer, piece.images(), images.height(), images.width());
        return planned(new Plan(shape, winograd && Winograd.paysBackward(shape)));
    }

    private Convolution planned(Plan plan) {
        Convolution planned = convolutions.get(plan);
        if (planned == null) {
            if (convolutions.size() == CONVOLUTIONS) {
                convolutions.remove(convolutions.keySet().iterator().next()).close();
            }
            planned = plan.winograd ? new Winograd(plan.shape, domain) : new DirectConvolution(plan.shape);
            convolutions.put(plan, planned);
        }
        return planned;
    }

    @Override
    public void close() {
        convolutions.values().forEach(Convolution::close);
        convolutions.clear();
    }
}
