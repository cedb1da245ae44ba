package org.espalier.compute;

/**
 * What a share of a batch adds to batch norm's statistics, per channel.
 *
 * @param count  values of a channel
 * @param origin where the distances are measured from
 * @param first  sums of distances, or of gradients
 * @param second sums of squared distances, or of gradients times distances
 */
record Moments(int count, float[] origin, double[] first, double[] second) {
}
