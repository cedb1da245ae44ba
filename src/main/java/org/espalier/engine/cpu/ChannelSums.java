package org.espalier.engine.cpu;

/**
 * Sums per channel over a block of a batch, of which {@link SyncBatchNorm} makes the statistics of the whole batch. Forward they are sums of
 * x - origin and of its square; backward, of dL/dy and of dL/dy (x - mean).
 *
 * @param count  values of each channel
 * @param origin what distances are measured from: a value of the channel, or its mean
 */
record ChannelSums(int count, float[] origin, double[] first, double[] second) {
}
