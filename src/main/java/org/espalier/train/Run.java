package org.espalier.train;

import java.util.List;
import java.util.Locale;
import org.espalier.model.Network;

/**
 * A finished training.
 *
 * @param network  after the last epoch
 * @param best     after the best epoch
 * @param before   on the test split, before the first step
 * @param history  one entry per epoch
 * @param bestOn   the split that "best" was chosen on: "validation" or "test"
 */
public record Run(Network network, Network best, Evaluation before, List<Epoch> history, Schedule schedule, Recipe recipe, String dataset, String bestOn) {

    public Run {
        history = List.copyOf(history);
    }

    public Epoch lastEpoch() {
        return history.get(history.size() - 1);
    }

    /** The first of the evaluated epochs with the highest accuracy on the split {@link #bestOn}. */
    public Epoch bestEpoch() {
        return Epoch.best(history);
    }

    public double seconds() {
        return history.stream().mapToDouble(Epoch::seconds).sum();
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s, %s on %s: test accuracy %.2f %% before, %.2f %% after the last epoch%s, %.2f %% after the best (epoch %d, chosen on %s)",
                schedule.label(), history.size() == 1 ? "1 epoch" : history.size() + " epochs", dataset, 100 * before.accuracy(), 100 * lastEpoch().testAccuracy(),
                lastEpoch().testTopFive().isPresent() ? String.format(Locale.ROOT, " (top-5 %.2f %%)", 100 * lastEpoch().testTopFive().getAsDouble()) : "",
                100 * bestEpoch().testAccuracy(), bestEpoch().number(), bestOn);
    }
}
