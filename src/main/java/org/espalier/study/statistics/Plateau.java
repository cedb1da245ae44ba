package org.espalier.study.statistics;

import java.util.List;
import org.espalier.train.Epoch;

/**
 * Where a training stopped getting better: "FT until a plateau", the control that Wang et al. (2023) ask for where a low rate is compared with a
 * high one. FT's rate doesn't depend on the budget, so that one long run is read here at every shorter one.
 *
 * @param epoch     the number of the epoch with the lowest training loss before it stopped falling
 * @param isReached whether the run is long enough to show it; if not, a longer one is needed
 */
public record Plateau(int epoch, boolean isReached) {

    /**
     * The first epoch after which the training loss fell by no more than a share for so many epochs.
     *
     * @param patience  in epochs
     * @param tolerance 0.01 is a hundredth of the lowest loss so far
     */
    public static Plateau of(List<Epoch> history, int patience, double tolerance) {
        if (history.isEmpty() || patience < 1 || !(tolerance >= 0 && tolerance < 1)) {
            throw new IllegalArgumentException("a plateau is looked for in at least 1 epoch, with a patience of at least 1 and a tolerance in [0, 1), not in "
                    + history.size() + " with " + patience + " and " + tolerance);
        }
        Epoch lowest = history.get(0);
        for (Epoch epoch : history) {
            if (epoch.trainLoss() < (1 - tolerance) * lowest.trainLoss()) {
                lowest = epoch;
            } else if (epoch.number() - lowest.number() >= patience) {
                return new Plateau(lowest.number(), true);
            }
        }
        return new Plateau(lowest.number(), false);
    }
}
