package org.espalier.train;

import org.espalier.model.Network;
import org.espalier.text.ClassText;
import org.espalier.train.schedules.KnownSchedules;
import org.espalier.train.schedules.Labelled;

/**
 * The learning rate and the momentum at every step of a budget: a pure function, plottable without a network. The formulas of the paper's
 * four are those of the code of "Network Pruning That Matters" (ICLR 2021), where it differs from the text.
 *
 * <p>A schedule of your own is a lambda: {@code Schedule warm = (step, budget) -> ...} works in {@code retrain} and {@code plot}. For a sweep,
 * whose results are found by the schedule's text, make it a public record in a jar on the class path; nothing else is needed.
 */
@FunctionalInterface
public interface Schedule {

    /** @param step 0-based, below {@code budget.steps()} */
    double learningRate(long step, Budget budget);

    default double momentum(long step, Budget budget) {
        return .9;
    }

    /** Whether a longer budget changes the rate of the first steps. Where it doesn't, one long run is also every shorter one. */
    default boolean dependsOnBudget() {
        return true;
    }

    /**
     * This schedule for a network that was pruned from another. Almost all are the same for every network; ALLR's rate depends on how much was
     * taken.
     */
    default Schedule resolve(Network original, Network pruned) {
        return this;
    }

    /** Short, for legends: FT, LRW, SLR, CLR. */
    default String label() {
        return getClass().isSynthetic() || getClass().isAnonymousClass() ? "schedule" : getClass().getSimpleName();
    }

    /**
     * Canonical, and what {@link #parse} reads. A public record on the class path has its class and components as its text.
     *
     * @throws IllegalStateException when there is none, as for a lambda or a class of a notebook's cell
     */
    default String text() {
        return ClassText.require(this, "schedule");
    }

    /** These rates under a name for legends. It has no text: a lambda's body can't be told from another's. */
    static Schedule of(String label, Schedule rates) {
        return new Labelled(label, rates);
    }

    /** @throws IllegalArgumentException that names the known schedules, or the known fields, when this isn't among them */
    static Schedule parse(String text) {
        return KnownSchedules.ALL.parse(text);
    }

    /**
     * The same, where a schedule that is defined by the original training's, such as {@code lrw} or {@code allr}, follows this one unless its
     * text says another.
     */
    static Schedule parse(String text, String original) {
        return KnownSchedules.parse(text, original);
    }

    /** Half a cosine from {@code from} (progress 0) to {@code to} (progress 1). */
    static double cosine(double from, double to, double progress) {
        return to + (from - to) / 2 * (1 + Math.cos(Math.PI * progress));
    }

    static void requirePositive(double... rates) {
        for (double rate : rates) {
            if (!(rate > 0 && rate <= 100)) {
                throw new IllegalArgumentException("a learning rate is above 0 and at most 100, not " + rate);
            }
        }
    }
}
