/**
 * Trains a network: SGD, the recipe of everything that isn't the schedule, and the loop over batches and epochs. A
 * {@link org.espalier.train.Schedule} gives the rate at each step of a {@link org.espalier.train.Budget}; they stand in {@code train.schedules}. A
 * training goes on from its state on disk to the same weights, bit for bit. What looks at gradients and weights within it, and changes them, is a
 * {@link org.espalier.train.hooks.TrainingHook}.
 *
 * <pre>
 *  Network, Dataset, Schedule, Recipe, hooks = TrainingSetup
 *                                                   |
 *                                               Training --&gt; Epoch, Epoch, ... --&gt; Run (network, best, history)
 *                                                   |
 *                                             TrainingState --&gt; another process goes on
 * </pre>
 */
package org.espalier.train;
