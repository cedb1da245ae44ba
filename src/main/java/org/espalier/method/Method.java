package org.espalier.method;

import java.util.List;
import org.espalier.model.Architecture;
import org.espalier.prune.Criterion;
import org.espalier.prune.Plan;
import org.espalier.prune.criteria.L1Norm;
import org.espalier.prune.plans.FoundPlan;
import org.espalier.text.ClassText;

/**
 * A pruning procedure: what it makes of a network before the retraining that all procedures share. One-shot pruning by a criterion is the plainest;
 * others train in between, each by a budget of its own, which {@link #epochs} counts.
 *
 * <p>Open: a public record on the class path has a text, and so works in sweeps and workers. A method is told nothing of the retraining's budget,
 * so that one retraining may be read at several.
 */
@FunctionalInterface
public interface Method {

    /**
     * Prunes a network; the network of the context is unchanged.
     *
     * @throws IllegalArgumentException when plan or criterion aren't for this method, before anything is trained
     */
    MethodResult run(MethodContext context);

    /**
     * Says before anything is trained that this can't work with a plan or a criterion; by default it can with any.
     *
     * @throws IllegalArgumentException that says what a spec has to say instead
     */
    default void check(Plan plan, Criterion criterion) {
    }

    /** For a method that decides itself which channels go. @throws IllegalArgumentException when a criterion other than l1, which stands for none, is given */
    static void requireNoCriterion(String method, Criterion criterion) {
        if (!(criterion instanceof L1Norm)) {
            throw new IllegalArgumentException("the method " + method + " has a criterion of its own; leave the criterion " + criterion.text() + " out");
        }
    }

    /** For a method that finds its own widths. @throws IllegalArgumentException when the plan isn't {@code found}, or a criterion is given */
    static void requireFound(String method, Plan plan, Criterion criterion) {
        if (!(plan instanceof FoundPlan)) {
            throw new IllegalArgumentException("the method " + method + " finds by itself what goes: its plan is 'found', not " + plan.text());
        }
        requireNoCriterion(method, criterion);
    }

    /** A training of a method's own: so many epochs of a network. */
    record Phase(Architecture architecture, int epochs) {
    }

    /** The epochs of its own trainings, which a result costs besides the retraining. */
    default int epochs() {
        return 0;
    }

    /** Its own trainings, in their order; by default {@link #epochs} of the original network. */
    default List<Phase> phases(Architecture original, Plan plan) {
        return epochs() == 0 ? List.of() : List.of(new Phase(original, epochs()));
    }

    /** Whether it starts from the original's weights, so that a result costs the original's training, too. */
    default boolean startsFromOriginal() {
        return true;
    }

    /** Canonical, and what {@link #parse} reads. @throws IllegalStateException when there is none, as for a lambda */
    default String text() {
        return ClassText.require(this, "method");
    }

    /** A method by its text; the empty one is {@link OneShot}'s. @throws IllegalArgumentException that names the known methods, or the known fields */
    static Method parse(String text) {
        return text.isBlank() ? new OneShot() : KnownMethods.ALL.parse(text);
    }
}
