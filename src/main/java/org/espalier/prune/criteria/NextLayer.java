package org.espalier.prune.criteria;

import java.util.List;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.model.GraphNode;
import org.espalier.model.Network;
import org.espalier.model.Op;
import org.espalier.model.Tensor;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.prune.Calibration;
import org.espalier.random.Randomness;

/**
 * The one layer that reads a group's channels, and what each of them contributes to its output.
 *
 * @param reader a convolution or a linear layer
 * @param slice  where the channels are among its inputs
 */
public record NextLayer(Network network, ChannelGroup group, GraphNode reader, ChannelGroup.Slice slice) {
    private static final int OUTPUTS_PER_IMAGE = 10;

    /** @throws IllegalArgumentException when several layers read the channels, or none */
    public static NextLayer of(Network network, ChannelGroup group) {
        List<ChannelGroup.Slice> readers = group.slices().stream().filter(slice -> slice.axis() == 1 && slice.tensor().endsWith(".weight")).toList();
        if (readers.size() != 1) {
            throw new IllegalArgumentException("thinet rebuilds the output of the one layer that reads a channel, but " + group.name() + " is read by "
                    + readers.stream().map(ChannelGroup.Slice::tensor).toList());
        }
        String tensor = readers.get(0).tensor();
        GraphNode reader = network.architecture().graph().node(tensor.substring(0, tensor.length() - ".weight".length()));
        if (reader.op() instanceof Op.Conv2d conv && conv.groups() > 1) {
            throw new IllegalArgumentException("thinet needs a layer that reads all channels behind " + group.name() + ", but " + reader.name()
                    + " is a convolution in groups");
        }
        return new NextLayer(network, group, reader, readers.get(0));
    }

    /**
     * For 10 outputs of each of the calibration's images, each of a filter and at a place drawn by chance, what each channel adds to it, without the
     * bias.
     */
    public MatchingPursuit contributions(Calibration calibration, long seed) {
        Tensor weight = network.weights().get(slice.tensor());
        MatchingPursuit sums = MatchingPursuit.of(group.width());
        RandomGenerator random = Randomness.of(seed, "outputs", group.id());
        double[] x = new double[group.width()];
        for (int batch = 0; batch < calibration.batches(); batch++) {
            Tensor maps = calibration.activations(reader.inputs().get(0), batch);
            for (int image = 0; image < maps.shape()[0]; image++) {
                for (int output = 0; output < OUTPUTS_PER_IMAGE; output++) {
                    contributions(weight, maps, image, random, x);
                    sums.add(x);
                }
            }
        }
        return sums;
    }

    private void contributions(Tensor weight, Tensor maps, int image, RandomGenerator random, double[] x) {
        int inputs = weight.shape()[1];
        int filter = random.nextInt(weight.shape()[0]);
        Op.Conv2d conv = reader.op() instanceof Op.Conv2d convolution ? convolution : new Op.Conv2d(inputs, weight.shape()[0], 1, 1, 0, 1, false);
        int height = maps.shape().length == 4 ? maps.shape()[2] : 1;
        int width = maps.shape().length == 4 ? maps.shape()[3] : 1;
        int top = random.nextInt((height + 2 * conv.padding() - conv.kernel()) / conv.stride() + 1) * conv.stride() - conv.padding();
        int left = random.nextInt((width + 2 * conv.padding() - conv.kernel()) / conv.stride() + 1) * conv.stride() - conv.padding();
        for (int channel = 0; channel < x.length; channel++) {
            x[channel] = 0;
            for (int place : slice.places(channel)) {
                for (int k = 0; k < conv.kernel() * conv.kernel(); k++) {
                    int row = top + k / conv.kernel();
                    int column = left + k % conv.kernel();
                    if (row >= 0 && row < height && column >= 0 && column < width) {
                        x[channel] += (double) weight.at((filter * inputs + place) * conv.kernel() * conv.kernel() + k)
                                * maps.at(((image * inputs + place) * height + row) * width + column);
                    }
                }
            }
        }
    }
}
