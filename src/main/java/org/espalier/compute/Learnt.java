package org.espalier.compute;

import ai.djl.ndarray.NDArray;

/** What one batch showed, on the device: the sum of its images' losses, float32, and how many it got right, int64; both scalars. */
public record Learnt(NDArray lossSum, NDArray correct) {
}
