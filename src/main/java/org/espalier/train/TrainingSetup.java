package org.espalier.train;

import ai.djl.Device;
import java.util.List;
import org.espalier.data.Dataset;
import org.espalier.engine.Execution;
import org.espalier.engine.device.Devices;
import org.espalier.model.GraphNode;
import org.espalier.model.Network;
import org.espalier.model.Op;
import org.espalier.train.hooks.TrainingHook;

/**
 * All that decides what a training makes of a network, and where it is computed.
 *
 * @param epochs of training, the budget
 * @param hooks  called in this order
 */
public record TrainingSetup(Network network, Schedule schedule, int epochs, Dataset data, Recipe recipe, Device device, Execution execution,
                            List<TrainingHook> hooks) {

    public TrainingSetup {
        hooks = List.copyOf(hooks);
    }

    /** On the first GPU, or the CPU where there is none, executed as the rule for that device has it; without hooks. */
    public static TrainingSetup of(Network network, Schedule schedule, int epochs, Dataset data, Recipe recipe) {
        Device device = Devices.current();
        return new TrainingSetup(network, schedule, epochs, data, recipe, device, Execution.on(device, network.architecture()), List.of());
    }

    /** The same, computed elsewhere or otherwise. */
    public TrainingSetup on(Device where, Execution how) {
        return new TrainingSetup(network, schedule, epochs, data, recipe, where, how, hooks);
    }

    /** With these hooks in the place of those before. */
    public TrainingSetup withHooks(TrainingHook... others) {
        return new TrainingSetup(network, schedule, epochs, data, recipe, device, execution, List.of(others));
    }

    /** In batches of the recipe. */
    public Budget budget() {
        return Budget.of(epochs, data.train().size(), recipe.batch());
    }

    /** Batch norm behind a linear layer has one value per image and channel, and can't take the deviation of one. */
    void requireBatchNormFit() {
        int images = data.train().size();
        int batch = recipe.batch();
        List<GraphNode> nodes = network.architecture().nodes();
        boolean behindLinear = nodes.stream().filter(node -> node.op() instanceof Op.Linear)
                .anyMatch(linear -> nodes.stream().anyMatch(node -> node.op() instanceof Op.BatchNorm && node.inputs().contains(linear.name())));
        if (behindLinear && (batch == 1 || images % batch == 1)) {
            throw new IllegalArgumentException("the last batch of " + images + " images in batches of " + batch
                    + " has one image, which the batch norm behind a linear layer can't train on; choose another batch");
        }
    }
}
