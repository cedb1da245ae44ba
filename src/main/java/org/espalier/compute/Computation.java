package org.espalier.compute;

import ai.djl.ndarray.NDArray;

/** How a network's function and its gradient are computed. Arrays that are put out belong to the manager of the images given. */
sealed interface Computation extends AutoCloseable permits WholeBatch, Shares {

    /** In evaluation mode: by the running statistics. */
    NDArray logits(NDArray images);

    /** In training mode: by the batch's statistics, which move the running ones. Leaves the gradient of the mean loss in {@link #gradients()}. */
    Learnt learn(NDArray images, NDArray labels);

    /** One array like {@link Parameters#trained()}, after {@link #learn}; valid as long as the manager of its images is. */
    NDArray gradients();

    /** To be open around the others, on the thread that calls them. */
    EngineMode mode();

    @Override
    void close();
}
