package org.espalier.engine;

import ai.djl.ndarray.NDArray;
import org.espalier.engine.device.EngineMode;
import org.espalier.engine.device.Parameters;

/** Computes a network's logits, loss and gradients. Arrays that it returns belong to the manager of the images given. */
public interface Computation extends AutoCloseable {

    /** Logits [N, classes] of images [N, C, H, W] in evaluation mode, by the running statistics. */
    NDArray logits(NDArray images);

    /** What the node of this name puts out for images, in evaluation mode. @throws IllegalStateException where this way of computing keeps none */
    NDArray activation(NDArray images, String node);

    /**
     * Computes forward and backward in training mode: by the batch's statistics, which move the running ones. Leaves the gradient of the mean loss
     * in {@link #gradients()}.
     *
     * @param labels int64 [N]
     */
    BatchLoss learn(NDArray images, NDArray labels);

    /** The gradient of {@link Parameters#trained()} after {@link #learn}, one array like it; valid as long as the manager of the images is. */
    NDArray gradients();

    /** Sets the engine's modes and threads for this computation; to be open around its calls, on the thread that makes them. */
    EngineMode mode();

    @Override
    void close();
}
