package org.espalier.model.channels;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.util.MathArrays;
import org.espalier.model.Architecture;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;

/**
 * Removes channels from a network, for good. A channel is a filter of its convolution, an entry in each vector of its batch norm, and an input of
 * every layer that reads it: all that its {@link ChannelGroup} lists.
 */
public final class ChannelRemoval {
    private ChannelRemoval() {
    }

    /**
     * Removes all but these channels.
     *
     * @param kept for each of {@link Architecture#prunable()}, the indices of the channels that stay, ascending
     */
    public static Network keep(Network network, List<int[]> kept) {
        return keep(network, ChannelGroup.named(network.architecture().prunable(), kept));
    }

    /** The same for any groups, by their names; those that aren't named keep all. */
    public static Network keep(Network network, Map<String, int[]> kept) {
        Map<String, Integer> widths = new LinkedHashMap<>();
        kept.forEach((name, indices) -> widths.put(name, indices.length));
        return new Network(network.architecture().resized(widths), keep(network.architecture(), network.weights(), kept), network.names(),
                network.kept().then(network.architecture(), kept));
    }

    /** The same for tensors that go by the weights' names but needn't be complete, such as an optimizer's buffers. */
    public static Weights keep(Architecture architecture, Weights weights, Map<String, int[]> kept) {
        Map<String, Tensor> all = new LinkedHashMap<>(weights.tensors());
        places(architecture, kept).forEach((name, axes) -> axes.forEach((axis, places) -> all.computeIfPresent(name, (same, tensor) -> tensor.select(axis, places))));
        return new Weights(all);
    }

    /** The places along each axis of each tensor that are left without the channels that aren't kept; of tensors that lose none, nothing. */
    public static Map<String, Map<Integer, int[]>> places(Architecture architecture, Map<String, int[]> kept) {
        List<ChannelGroup> losing = architecture.groups().stream().filter(group -> removed(group, kept).length > 0).toList();
        Map<String, int[]> shapes = losing.isEmpty() ? Map.of() : architecture.shapes();
        Map<String, Map<Integer, int[]>> left = new LinkedHashMap<>();
        losing.forEach(group -> group.slices().forEach(slice -> {
            int[] gone = Arrays.stream(removed(group, kept)).flatMap(channel -> Arrays.stream(slice.places(channel))).sorted().toArray();
            left.computeIfAbsent(slice.tensor(), name -> new HashMap<>()).compute(slice.axis(), (axis, before) -> Arrays.stream(before == null
                    ? MathArrays.natural(shapes.get(slice.tensor())[axis]) : before).filter(place -> Arrays.binarySearch(gone, place) < 0).toArray());
        }));
        return left;
    }

    private static int[] removed(ChannelGroup group, Map<String, int[]> kept) {
        int[] stays = kept.get(group.name());
        if (stays == null) {
            return new int[0];
        }
        for (int channel : stays) {
            if (channel < 0 || channel >= group.width()) {
                throw new IllegalArgumentException("there is no channel " + channel + " in " + group);
            }
        }
        return IntStream.range(0, group.width()).filter(channel -> IntStream.of(stays).noneMatch(stay -> stay == channel)).toArray();
    }
}
