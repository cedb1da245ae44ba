package org.espalier.model.channels;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.util.MathArrays;
import org.espalier.model.Architecture;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;

/**
 * Adds channels that do nothing, because a device computes some widths faster than others. Their weights are zero, with zero scale and shift, so
 * that they put out zeros; under SGD with momentum and weight decay they stay zero, because every gradient that reaches them is zero.
 */
public final class ChannelPadding {
    private ChannelPadding() {
    }

    /**
     * The same function of the input, computed with more channels.
     *
     * @param widths for each prunable group, at least its width
     */
    public static Network pad(Network network, List<Integer> widths) {
        return new Network(network.architecture().withWidths(widths), pad(network.architecture(), network.weights(), widths), network.names());
    }

    /** The same for tensors that go by the weights' names but needn't be complete, such as an optimizer's buffers. */
    public static Weights pad(Architecture architecture, Weights weights, List<Integer> widths) {
        List<ChannelGroup> prunable = architecture.prunable();
        Map<String, Integer> wanted = ChannelGroup.named(prunable, widths);
        if (wanted.equals(ChannelGroup.named(prunable, prunable.stream().map(ChannelGroup::width).toList()))) {
            return weights;
        }
        Architecture larger = architecture.withWidths(widths);
        Map<String, Tensor> all = new LinkedHashMap<>(weights.tensors());
        Map<String, Map<Integer, int[]>> places = new HashMap<>();
        Map<String, Map<Integer, Float>> fillers = new HashMap<>();
        List<ChannelGroup> before = architecture.groups();
        Map<String, ChannelGroup> after = new HashMap<>();
        larger.groups().forEach(group -> after.put(group.name(), group));
        for (ChannelGroup group : before) {
            List<ChannelGroup.Slice> there = after.get(group.name()).slices();
            for (int i = 0; i < group.slices().size(); i++) {
                ChannelGroup.Slice slice = group.slices().get(i);
                Tensor tensor = all.get(slice.tensor());
                if (tensor != null) {
                    int[] moved = places.computeIfAbsent(slice.tensor(), name -> new LinkedHashMap<>())
                            .computeIfAbsent(slice.axis(), axis -> MathArrays.natural(tensor.shape()[axis]));
                    fillers.computeIfAbsent(slice.tensor(), name -> new HashMap<>()).put(slice.axis(), slice.filler());
                    for (int channel = 0; channel < group.width(); channel++) {
                        int[] from = slice.places(channel);
                        int[] to = there.get(i).places(channel);
                        for (int k = 0; k < from.length; k++) {
                            moved[from[k]] = to[k];
                        }
                    }
                }
            }
        }
        Map<String, int[]> shapes = larger.shapes();
        places.forEach((name, axes) -> axes.forEach((axis, moved) ->
                all.put(name, all.get(name).scatter(axis, shapes.get(name)[axis], moved, fillers.get(name).get(axis)))));
        return new Weights(all);
    }

    /** The first channels of each prunable group, as many as {@code widths} says: what {@link #pad} added is cut off. */
    public static List<int[]> first(List<Integer> widths) {
        List<int[]> first = new ArrayList<>();
        widths.forEach(width -> first.add(MathArrays.natural(width)));
        return first;
    }
}
