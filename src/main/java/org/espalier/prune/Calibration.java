package org.espalier.prune;

import org.espalier.model.Tensor;
import org.espalier.model.Weights;

/** What a criterion may learn from data: gradients and activations of a network over a few mini-batches of training images. */
public interface Calibration {

    /** No data: every question is answered by an error that says how to give some. */
    Calibration NONE = new Calibration() {
        @Override
        public int batches() {
            throw none();
        }

        @Override
        public Weights gradients(int batch) {
            throw none();
        }

        @Override
        public Tensor activations(String node, int batch) {
            throw none();
        }

        private IllegalStateException none() {
            return new IllegalStateException("this criterion looks at data, but got none: prune(network, plan, criterion, data)");
        }
    };

    /** How many mini-batches there are. */
    int batches();

    /** dL/dW of every trained tensor by its name, L the mean cross-entropy of one mini-batch; batch norm computes by the batch's statistics. */
    Weights gradients(int batch);

    /** What a node puts out for a mini-batch, [N, C, H, W] or [N, C]; batch norm computes by the running statistics. */
    Tensor activations(String node, int batch);
}
