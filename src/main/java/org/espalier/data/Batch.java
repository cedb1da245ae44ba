package org.espalier.data;

import ai.djl.ndarray.NDArray;

/**
 * What a network is shown at once.
 *
 * @param images normalised, float32, logical shape [size, channels, height, width]
 * @param labels int64, shape [size]
 */
public record Batch(NDArray images, NDArray labels, int size) {
}
