package org.espalier.method;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.espalier.data.Dataset;
import org.espalier.model.Network;
import org.espalier.prune.Calibration;
import org.espalier.prune.Criterion;
import org.espalier.prune.Plan;
import org.espalier.train.Recipe;
import org.espalier.train.Run;
import org.espalier.train.Schedule;
import org.espalier.train.hooks.TrainingHook;
import org.espalier.train.TrainingSetup;

/**
 * What a method is given.
 *
 * @param original  the trained network, which stays as it is
 * @param plan      how many channels each group keeps; {@code found} for a method that finds its own widths
 * @param criterion which channels go; l1 where nobody says another
 * @param schedule  of the retraining, which an iterative method follows between its rounds, too
 * @param recipe    of the retraining; its seed decides all that a method draws
 * @param trainer   does trainings of the method's own
 * @param originalTraining how the original was trained from its initial weights; empty where nobody knows
 */
public record MethodContext(Network original, Plan plan, Criterion criterion, Schedule schedule, Dataset data, Recipe recipe, Trainer trainer,
                            Optional<Supplier<TrainingSetup>> originalTraining) {

    /** Of an original whose training nobody knows. */
    public MethodContext(Network original, Plan plan, Criterion criterion, Schedule schedule, Dataset data, Recipe recipe, Trainer trainer) {
        this(original, plan, criterion, schedule, data, recipe, trainer, Optional.empty());
    }

    /** With trainings that nothing is kept of. */
    public static MethodContext of(Network original, Plan plan, Criterion criterion, Schedule schedule, Dataset data, Recipe recipe) {
        return new MethodContext(original, plan, criterion, schedule, data, recipe, Trainer.PLAIN);
    }

    /** For criteria that look at data: nothing is drawn or computed before the first question. */
    public Calibration calibration(Network network) {
        return Calibration.deferred(() -> Calibration.of(network, data, recipe.seed()));
    }

    /** Trains a network to the end. */
    public Run train(Network network, Schedule by, int epochs, Recipe recipe, TrainingHook... hooks) {
        return trainer.train(TrainingSetup.of(network, by, epochs, data, recipe).withHooks(hooks));
    }

    /** For a method that needs the original's training. @throws IllegalArgumentException when nobody knows how it was trained */
    public TrainingSetup requireOriginalTraining(String method) {
        return originalTraining.map(Supplier::get).orElseThrow(() -> new IllegalArgumentException("the method " + method + " trains the original network again from its "
                + "initial weights, but how this one was trained isn't known: it works in sweeps whose originals are trained there, not with weights from elsewhere"));
    }

    /**
     * The original after so many epochs of its training, which is done again so far, to the same weights bit for bit on the same machine; after 0 epochs
     * its initial weights.
     *
     * @param trainings gets that training
     * @throws IllegalArgumentException when the original has fewer epochs, or nobody knows how it was trained
     */
    public Network originalAfter(int epoch, String method, List<Run> trainings) {
        TrainingSetup training = requireOriginalTraining(method);
        if (epoch > training.epochs()) {
            throw new IllegalArgumentException(method + " goes back to epoch " + epoch + ", but the original was trained for " + training.epochs());
        }
        if (epoch == 0) {
            return training.network().with(original.names());
        }
        Run run = trainer.train(new TrainingSetup(training.network(), training.schedule(), epoch, training.data(), training.recipe(), training.device(),
                training.execution(), List.of()));
        trainings.add(run);
        return run.network().with(original.names());
    }
}
