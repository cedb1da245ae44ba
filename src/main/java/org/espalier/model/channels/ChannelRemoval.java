package org.espalier.model.channels;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.espalier.model.Architecture;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;

/**
 * Removes channels from a network, for good ({@link #keep}) or by setting them to zero ({@link #mask}). A channel is a filter of its convolution,
 * an entry in each vector of its batch norm, and an input of every layer that reads it: all that its {@link ChannelGroup} lists.
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
    public static Weights keep(Architecture architecture, Weights weights, List<int[]> kept) {
        return keep(architecture, weights, ChannelGroup.named(architecture.prunable(), kept));
    }

    static Weights keep(Architecture architecture, Weights weights, Map<String, int[]> kept) {
        Map<String, Map<Integer, boolean[]>> removed = new LinkedHashMap<>();
        for (ChannelGroup group : architecture.groups()) {
            int[] channels = removed(group, kept);
            for (ChannelGroup.Slice slice : group.slices()) {
                Tensor tensor = weights.tensors().get(slice.tensor());
                if (tensor != null && channels.length > 0) {
                    boolean[] gone = removed.computeIfAbsent(slice.tensor(), name -> new LinkedHashMap<>())
                            .computeIfAbsent(slice.axis(), axis -> new boolean[tensor.shape()[slice.axis()]]);
                    for (int channel : channels) {
                        for (int place : slice.places(channel)) {
                            gone[place] = true;
                        }
                    }
                }
            }
        }
        Map<String, Tensor> all = new LinkedHashMap<>(weights.tensors());
        removed.forEach((name, axes) -> axes.forEach((axis, gone) ->
                all.put(name, all.get(name).select(axis, IntStream.range(0, gone.length).filter(i -> !gone[i]).toArray()))));
        return new Weights(all);
    }

    /** The network with the channels that aren't kept set to zero, scale and shift included: the same function as without them. */
    public static Network mask(Network network, List<int[]> kept) {
        return mask(network, ChannelGroup.named(network.architecture().prunable(), kept));
    }

    /** The same for any groups, by their names; those that aren't named keep all. */
    public static Network mask(Network network, Map<String, int[]> kept) {
        Map<String, Tensor> all = new LinkedHashMap<>(network.weights().tensors());
        for (ChannelGroup group : network.architecture().groups()) {
            int[] channels = removed(group, kept);
            for (ChannelGroup.Slice slice : group.slices()) {
                if (slice.axis() == 0 && !slice.tensor().contains(".running_") && channels.length > 0) {
                    all.computeIfPresent(slice.tensor(), (name, tensor) -> zeroed(tensor, slice, channels));
                }
            }
        }
        return network.with(new Weights(all));
    }

    private static Tensor zeroed(Tensor tensor, ChannelGroup.Slice slice, int[] channels) {
        int[] shape = tensor.shape();
        float[] values = tensor.values();
        int row = values.length / shape[0];
        for (int channel : channels) {
            for (int place : slice.places(channel)) {
                Arrays.fill(values, place * row, (place + 1) * row, 0);
            }
        }
        return Tensor.of(values, shape);
    }

    private static int[] removed(ChannelGroup group, Map<String, int[]> kept) {
        int[] stays = kept.get(group.name());
        if (stays == null) {
            return new int[0];
        }
        boolean[] there = new boolean[group.width()];
        for (int channel : stays) {
            if (channel < 0 || channel >= group.width()) {
                throw new IllegalArgumentException("there is no channel " + channel + " in " + group);
            }
            there[channel] = true;
        }
        return IntStream.range(0, there.length).filter(i -> !there[i]).toArray();
    }
}
