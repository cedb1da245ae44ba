package org.espalier.engine.cpu;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds the buffers that the {@link Winograd} convolutions of a thread share: they are computed one after the other. */
final class WinogradDomain {
    final GrowingBuffer ofInput = new GrowingBuffer();
    final GrowingBuffer ofOutput = new GrowingBuffer();
    final GrowingBuffer ofFiltersGradient = new GrowingBuffer();
    private final GrowingBuffer ofFilters = new GrowingBuffer();
    private final Map<List<Integer>, WinogradTiles> tiles = new HashMap<>();
    private final Map<List<Integer>, WinogradFilters> filters = new HashMap<>();
    /** Whose filters are in {@link #ofFilters}. */
    private BatchWeights held;
    private boolean heldTurned;

    WinogradTiles tiles(int channels, int height, int width) {
        return tiles.computeIfAbsent(List.of(channels, height, width), sizes -> new WinogradTiles(channels, height, width));
    }

    WinogradFilters filters(int out, int in) {
        return filters.computeIfAbsent(List.of(out, in), sizes -> new WinogradFilters(out, in));
    }

    /**
     * The transform of these weights. It is computed for the first block of a batch and still there for the others, unless other weights came
     * between.
     *
     * @param turned by half a turn, as dL/dx needs them
     */
    FloatMemory transformed(BatchWeights weights, boolean turned, WinogradFilters filters) {
        FloatMemory transformed = ofFilters.of(filters.numbers());
        if (held != weights || heldTurned != turned) {
            filters.transform(weights.memory().values(), turned, transformed.values());
            held = weights;
            heldTurned = turned;
        }
        return transformed;
    }
}
