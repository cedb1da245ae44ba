package org.espalier.prune.criteria;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.espalier.model.Architecture;
import org.espalier.model.GraphNode;
import org.espalier.model.Network;
import org.espalier.model.Op;
import org.espalier.model.Tensor;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.model.channels.ChannelGroup.Slice;

/** The weights that put a channel out: its row of each convolution or linear layer of the group. */
public final class Filters {
    private Filters() {
    }

    /** For each channel all weights of its filters, one after the other. */
    public static float[][] of(Network network, ChannelGroup group) {
        float[][] filters = new float[group.width()][0];
        for (Slice slice : group.filters()) {
            Tensor weight = network.weights().get(slice.tensor());
            float[] values = weight.values();
            int row = values.length / weight.shape()[0];
            for (int channel = 0; channel < filters.length; channel++) {
                for (int place : slice.places(channel)) {
                    int end = filters[channel].length;
                    filters[channel] = Arrays.copyOf(filters[channel], end + row);
                    System.arraycopy(values, place * row, filters[channel], end, row);
                }
            }
        }
        return filters;
    }

    /** Where a group's channels are in the batch norms behind their filters: {@code weight} for gamma, {@code bias} for beta. */
    public static List<Slice> norms(Architecture architecture, ChannelGroup group, String... parts) {
        List<String> norms = architecture.nodes().stream().filter(node -> node.op() instanceof Op.BatchNorm && group.producers().contains(node.inputs().get(0)))
                .map(GraphNode::name).toList();
        return Stream.of(parts).flatMap(part -> group.slices().stream().filter(slice -> norms.stream().anyMatch(norm -> slice.tensor().equals(norm + "." + part))))
                .toList();
    }

    /** A value at a place of a tensor. */
    public interface Value {
        double at(String tensor, int place);
    }

    /** For each channel the sum over its places in these slices. */
    public static double[] sums(ChannelGroup group, List<Slice> slices, Value value) {
        double[] sums = new double[group.width()];
        for (Slice slice : slices) {
            for (int channel = 0; channel < sums.length; channel++) {
                for (int place : slice.places(channel)) {
                    sums[channel] += value.at(slice.tensor(), place);
                }
            }
        }
        return sums;
    }

    /** One score for each channel, from all weights of its filters. */
    public static double[] scores(Network network, ChannelGroup group, ToDoubleFunction<float[]> score) {
        return Arrays.stream(of(network, group)).mapToDouble(score).toArray();
    }
}
