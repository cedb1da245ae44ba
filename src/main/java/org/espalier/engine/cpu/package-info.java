/**
 * The fast path for CPUs: each thread computes a shard of the batch, and only batch norm brings the shards together. Convolutions are oneDNN's or
 * Winograd's, one block of images at a time that stays in the second-level cache, fused with batch norm, addition and activation.
 * {@link org.espalier.engine.cpu.FastPath} is the way in; who doesn't care about speed needs nothing here.
 *
 * <pre>
 * ShardedBatch --ThreadTeam--> Shard (one a thread)         SyncBatchNorm (sums of all shards)
 *                                |  block by block              |
 *                                +-- Convolution: DirectConvolution, Winograd
 *                                +-- BatchNormKernels: norm, addition, activation
 * </pre>
 */
package org.espalier.engine.cpu;
