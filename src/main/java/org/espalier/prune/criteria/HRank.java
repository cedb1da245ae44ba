package org.espalier.prune.criteria;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.espalier.model.Graph;
import org.espalier.model.GraphNode;
import org.espalier.model.Network;
import org.espalier.model.Op;
import org.espalier.model.Tensor;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.prune.Calibration;
import org.espalier.prune.Criterion;

/**
 * HRank: the mean rank, over images, of a channel's map behind its ReLU; for a layer whose output is added up, behind the addition and its ReLU
 * (Lin et al., "HRank: Filter Pruning using High-Rank Feature Map", 2020, and their code). The rank is numerical, as PyTorch's: singular values
 * above the largest times the larger side times the precision of float32.
 */
public record HRank() implements Criterion {

    @Override
    public double[] scores(Network network, ChannelGroup group, Calibration calibration) {
        String node = activation(network.architecture().graph(), group.name());
        double[] ranks = new double[group.width()];
        long images = 0;
        for (int batch = 0; batch < calibration.batches(); batch++) {
            Tensor maps = calibration.activations(node, batch);
            int[] shape = maps.shape();
            if (shape.length < 4 || shape[2] * shape[3] == 1) {
                throw new IllegalArgumentException("the criterion hrank looks at maps, but " + node + " puts out single pixels, whose rank is 0 or 1 at most; "
                        + "give it larger images");
            }
            images += shape[0];
            for (int i = 0; i < shape[0] * shape[1]; i++) {
                ranks[i % shape[1]] += rank(maps, i * shape[2] * shape[3], shape[2], shape[3]);
            }
        }
        for (int channel = 0; channel < ranks.length; channel++) {
            ranks[channel] /= images;
        }
        return ranks;
    }

    /** The first ReLU on the way from a layer, through its norm and an addition. */
    static String activation(Graph graph, String layer) {
        String last = layer;
        while (true) {
            String from = last;
            GraphNode next = graph.nodes().stream().filter(node -> node.inputs().contains(from)).findFirst().orElse(null);
            if (next == null || next.op() instanceof Op.Conv2d conv && !conv.isDepthwise() || next.op() instanceof Op.Linear) {
                return last;
            }
            last = next.name();
            if (next.op() instanceof Op.Relu || next.op() instanceof Op.Relu6) {
                return last;
            }
        }
    }

    private static int rank(Tensor maps, int start, int height, int width) {
        double[][] map = new double[height][width];
        for (int i = 0; i < height * width; i++) {
            map[i / width][i % width] = maps.at(start + i);
        }
        double[] singular = new SingularValueDecomposition(new Array2DRowRealMatrix(map, false)).getSingularValues();
        double least = singular[0] * Math.max(height, width) * Math.ulp(1f);
        int rank = 0;
        for (double value : singular) {
            rank += value > least ? 1 : 0;
        }
        return rank;
    }
}
