package org.espalier.train;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * After which epochs a training measures the test split, and the validation split where there is one. It is a setting of the execution: it
 * changes no weight, and the last epoch is always measured.
 *
 * @param only these epochs, counted from 1, and the last; empty for every epoch
 */
public record EvaluatedEpochs(Optional<Set<Integer>> only) {

    public EvaluatedEpochs {
        only = only.map(Set::copyOf);
    }

    /** After every epoch, as a curve over epochs and a best epoch need it. */
    public static EvaluatedEpochs every() {
        return new EvaluatedEpochs(Optional.empty());
    }

    /** After these epochs and the last, which saves the time of all others. */
    public static EvaluatedEpochs only(Collection<Integer> epochs) {
        return new EvaluatedEpochs(Optional.of(Set.copyOf(epochs)));
    }

    /** @param last the number of the training's last epoch */
    public boolean contains(int epoch, int last) {
        return epoch == last || only.map(epochs -> epochs.contains(epoch)).orElse(true);
    }
}
