package org.espalier.engine;

import ai.djl.ndarray.NDArray;

/**
 * The loss of one batch, on the device.
 *
 * @param lossSum the sum of its images' losses, a float32 scalar
 * @param correct how many images it got right, an int64 scalar
 */
public record BatchLoss(NDArray lossSum, NDArray correct) {
}
