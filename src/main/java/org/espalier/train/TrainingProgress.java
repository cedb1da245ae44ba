package org.espalier.train;

/**
 * How far a training is, for whoever watches it.
 *
 * @param epoch 1-based, the one under way
 * @param step  steps done in it
 * @param loss  mean so far in this epoch
 * @param accuracy on the training split so far in this epoch
 */
public record TrainingProgress(int epoch, int epochs, int step, int stepsPerEpoch, double learningRate, double loss, double accuracy, double imagesPerSecond) {
}
