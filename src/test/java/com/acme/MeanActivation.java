package com.acme;

import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.prune.Calibration;
import org.espalier.prune.Criterion;

/** The mean magnitude of what a convolution puts out for each channel, over a few mini-batches of training images. */
public record MeanActivation() implements Criterion {

    @Override
    public double[] scores(Network network, ChannelGroup group, Calibration calibration) {
        double[] scores = new double[group.width()];
        for (int batch = 0; batch < calibration.batches(); batch++) {
            Tensor maps = calibration.activations(group.name(), batch);
            int pixels = maps.shape()[2] * maps.shape()[3];
            for (int i = 0; i < maps.size(); i++) {
                scores[i / pixels % scores.length] += Math.abs(maps.at(i)) / (maps.size() / scores.length) / calibration.batches();
            }
        }
        return scores;
    }
}
