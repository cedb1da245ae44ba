package org.espalier.train;

import java.util.List;
import java.util.Locale;
import org.espalier.model.Network;

/**
 * A training, and what it measured. Its words are those of a study's results: {@code last} and {@code best} are accuracies on the test split,
 * 0 to 1.
 *
 * @param name        for tables and legends; the schedule's label where nobody named it
 * @param network     after the last epoch
 * @param bestNetwork after the best epoch
 * @param start       on the test split, before the first step
 * @param history     one entry per epoch that was done
 * @param bestOn      the split that "best" was chosen on: "validation" or "test"
 */
public record Run(String name, Network network, Network bestNetwork, Evaluation start, List<Epoch> history, Schedule schedule, Recipe recipe, String dataset,
                  String bestOn) {

    public Run {
        history = List.copyOf(history);
    }

    /** The same under another name: {@code plot(run.named("l1"), other.named("mine"))}. */
    public Run named(String other) {
        return new Run(other, network, bestNetwork, start, history, schedule, recipe, dataset, bestOn);
    }

    public Epoch lastEpoch() {
        return history.get(history.size() - 1);
    }

    /** The first of the evaluated epochs with the highest accuracy on the split {@link #bestOn}. */
    public Epoch bestEpoch() {
        return Epoch.best(history);
    }

    /** The accuracy after the last epoch. */
    public double last() {
        return lastEpoch().testAccuracy();
    }

    /** Whether an epoch was evaluated, so that there is a best one. */
    public boolean hasBest() {
        return history.stream().anyMatch(Epoch::isEvaluated);
    }

    /** The accuracy after the best epoch; NaN without one. */
    public double best() {
        return hasBest() ? bestEpoch().testAccuracy() : Double.NaN;
    }

    public double seconds() {
        return history.stream().mapToDouble(Epoch::seconds).sum();
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s, %s on %s: test accuracy %.2f %% before, %.2f %% after the last epoch%s, %.2f %% after the best (epoch %d, chosen on %s)",
                name, history.size() == 1 ? "1 epoch" : history.size() + " epochs", dataset, 100 * start.accuracy(), 100 * last(),
                lastEpoch().testTopFive().isPresent() ? String.format(Locale.ROOT, " (top-5 %.2f %%)", 100 * lastEpoch().testTopFive().getAsDouble()) : "",
                100 * best(), bestEpoch().number(), bestOn);
    }
}
