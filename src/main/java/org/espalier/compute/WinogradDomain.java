package org.espalier.compute;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a thread's {@link Winograd} convolutions share, which are computed one after the other. */
final class WinogradDomain {
    final Scratch ofInput = new Scratch();
    final Scratch ofOutput = new Scratch();
    final Scratch ofFilters = new Scratch();
    final Scratch ofFiltersGradient = new Scratch();
    private final Map<List<Integer>, WinogradTiles> tiles = new HashMap<>();
    private final Map<List<Integer>, WinogradFilters> filters = new HashMap<>();

    WinogradTiles tiles(int channels, int height, int width) {
        return tiles.computeIfAbsent(List.of(channels, height, width), sizes -> new WinogradTiles(channels, height, width));
    }

    WinogradFilters filters(int out, int in) {
        return filters.computeIfAbsent(List.of(out, in), sizes -> new WinogradFilters(out, in));
    }
}
