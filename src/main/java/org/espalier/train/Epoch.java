package org.espalier.train;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * One epoch of a training. Accuracies are fractions in [0, 1]; those of the training split are taken while the weights move, on augmented
 * images.
 *
 * @param number       of epochs done, from 1
 * @param learningRate at the start of the epoch
 * @param testLoss     NaN, as {@code testAccuracy}, where the training was not evaluated after this epoch
 * @param seconds      of training and evaluation together
 * @param testTopFive  top-5 accuracy on the test split, of data with more than ten classes
 */
public record Epoch(int number, double learningRate, double trainLoss, double trainAccuracy, OptionalDouble validationAccuracy,
                    double testLoss, double testAccuracy, double seconds, OptionalDouble testTopFive) {

    /** Without a top-5 accuracy. */
    public Epoch(int number, double learningRate, double trainLoss, double trainAccuracy, OptionalDouble validationAccuracy, double testLoss,
            double testAccuracy, double seconds) {
        this(number, learningRate, trainLoss, trainAccuracy, validationAccuracy, testLoss, testAccuracy, seconds, OptionalDouble.empty());
    }

    /** Whether the test split was measured after it. */
    public boolean isEvaluated() {
        return !Double.isNaN(testAccuracy);
    }

    /** What decides the best epoch: the validation split where there is one, else the test split, as in the paper's code. */
    public double selectionAccuracy() {
        return validationAccuracy.orElse(testAccuracy);
    }

    /** The first of the evaluated epochs with the highest accuracy on the split that decides. */
    public static Epoch best(List<Epoch> history) {
        return history.stream().filter(Epoch::isEvaluated).max(Comparator.comparingDouble(Epoch::selectionAccuracy).thenComparing(Epoch::number, Comparator.reverseOrder()))
                .orElseThrow(() -> new IllegalArgumentException("of no epochs none is best"));
    }
}
