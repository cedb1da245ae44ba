package org.espalier.prune.criteria;

import org.espalier.model.Network;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.prune.Calibration;
import org.espalier.prune.Criterion;

/**
 * FPGM: the sum of a filter's Euclidean distances to all others of its layer; a filter near the geometric median is the one that the others can
 * best stand in for (He et al., "Filter Pruning via Geometric Median", 2019).
 */
public record GeometricMedian() implements Criterion {

    @Override
    public double[] scores(Network network, ChannelGroup group, Calibration calibration) {
        float[][] filters = Filters.of(network, group);
        double[] sums = new double[filters.length];
        for (int i = 0; i < filters.length; i++) {
            for (int j = 0; j < i; j++) {
                double distance = distance(filters[i], filters[j]);
                sums[i] += distance;
                sums[j] += distance;
            }
        }
        return sums;
    }

    private static double distance(float[] a, float[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            squares += difference * difference;
        }
        return Math.sqrt(squares);
    }
}
