package org.espalier.method;

import java.util.List;
import org.espalier.model.Network;
import org.espalier.train.Run;
import org.espalier.train.hooks.TrainingHook;

/**
 * What a method leaves for the retraining.
 *
 * @param network   with what it removed or set to zero; its widths are a plan for others, {@code WidthsPlan.of(network.architecture())}
 * @param hooks     that the retraining needs: those that keep zeroed weights at zero
 * @param trainings the method's own, in their order; their epochs belong to what the result costs
 * @param remarks   what a reader should know of the outcome, such as a layer that would have been emptied
 */
public record MethodResult(Network network, List<TrainingHook> hooks, List<Run> trainings, List<String> remarks) {

    public MethodResult {
        hooks = List.copyOf(hooks);
        trainings = List.copyOf(trainings);
        remarks = List.copyOf(remarks);
    }

    /** Pruned without any training. */
    public static MethodResult of(Network network) {
        return new MethodResult(network, List.of(), List.of(), List.of());
    }

    /** The epochs of all trainings. */
    public int epochs() {
        return trainings.stream().mapToInt(run -> run.history().size()).sum();
    }
}
