package org.espalier.model.channels;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Channels that can only be removed together, in every tensor that holds something of them: the filters of one convolution or of several that
 * are added up, their batch norms, the inputs of all that reads them. Derived from a network's nodes by {@link ChannelFlow}.
 *
 * @param name      of the first node that puts the channels out, for instance {@code layer1.0.conv1}
 * @param id        the number of that node by which the paper's plans know it: convolutions larger than 1 x 1 from 1 on in the network's order,
 *                  behind them those of 1 x 1, behind them linear layers
 * @param stage     of that node, from 0
 * @param width     how many channels there are to choose from
 * @param producers all nodes that put the channels out; more than one where they are added up
 * @param slices    where the channels are, in all tensors
 */
public record ChannelGroup(String name, int id, int stage, int width, List<String> producers, List<Slice> slices) {

    public ChannelGroup {
        producers = List.copyOf(producers);
        slices = List.copyOf(slices);
    }

    /**
     * Where the channels of a group are along an axis of a tensor: channel c has the places {@code from + r * stride + c * block + b} for all r
     * below {@code repeats} and b below {@code block}.
     *
     * @param from    where the group begins; above 0 behind a concatenation
     * @param block   places of one channel side by side: the pixels of a flattened map
     * @param repeats above 1 where a grouped convolution makes its groups lose the same channels
     * @param stride  from one repeat to the next
     */
    public record Slice(String tensor, int axis, int from, int block, int repeats, int stride) {

        /** The places of one channel. */
        public int[] places(int channel) {
            int[] places = new int[repeats * block];
            for (int r = 0; r < repeats; r++) {
                for (int b = 0; b < block; b++) {
                    places[r * block + b] = from + r * stride + channel * block + b;
                }
            }
            return places;
        }
    }

    /** Values for groups, in their order, by the groups' names. */
    public static <T> Map<String, T> named(List<ChannelGroup> groups, List<T> values) {
        if (groups.size() != values.size()) {
            throw new IllegalArgumentException("there are " + groups.size() + " groups of channels, but " + values.size() + " values for them: " + values);
        }
        Map<String, T> named = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            named.put(groups.get(i).name(), values.get(i));
        }
        return named;
    }

    /** The slices of the filters that put the channels out: rows of weights, [out, in, kernel, kernel] or [out, in]. */
    public List<Slice> filters() {
        return slices.stream().filter(slice -> slice.axis() == 0 && producers.stream().anyMatch(p -> slice.tensor().equals(p + ".weight"))).toList();
    }

    @Override
    public String toString() {
        return name + ", " + width + " channels";
    }
}
