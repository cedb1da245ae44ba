package org.espalier.prune;

import java.util.function.Supplier;
import org.espalier.data.Dataset;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.prune.criteria.DataCalibration;
import org.espalier.prune.criteria.DeferredCalibration;

/** What a criterion may learn from data: gradients and activations of a network over a few mini-batches of training images. */
public interface Calibration {

    /** No data: every question is answered by an error that says how to give some. */
    Calibration NONE = deferred(() -> {
        throw new IllegalStateException("this criterion looks at data, but got none: prune(network, plan, criterion, data)");
    });

    /**
     * Mini-batches of a dataset's training images, drawn with the seed and shown as they are, without crops and flips.
     *
     * @throws IllegalArgumentException when the images don't fit the network, or there are too few
     */
    static Calibration of(Network network, Dataset data, int batches, int batchSize, long seed) {
        return DataCalibration.of(network, data, batches, batchSize, seed);
    }

    /**
     * The same as sweeps have it: 5 mini-batches of 128, as HRank's code; of fewer than 640 training images, 5 mini-batches of a fifth.
     *
     * @throws IllegalArgumentException for fewer than 10 training images
     */
    static Calibration of(Network network, Dataset data, long seed) {
        return of(network, data, 5, Math.min(128, data.train().size() / 5), seed);
    }

    /** One that is made at the first question, which most criteria never ask. */
    static Calibration deferred(Supplier<Calibration> calibration) {
        return new DeferredCalibration(calibration);
    }

    /** How many mini-batches there are. */
    int batches();

    /** dL/dW of every trained tensor by its name, L the mean cross-entropy of one mini-batch; batch norm computes by the batch's statistics. */
    Weights gradients(int batch);

    /** What a node puts out for a mini-batch, [N, C, H, W] or [N, C]; batch norm computes by the running statistics. */
    Tensor activations(String node, int batch);
}
