package org.espalier.method.controls;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import org.espalier.data.Augmentation;
import org.espalier.data.Batch;
import org.espalier.data.BatchIterator;
import org.espalier.data.DataLoader;
import org.espalier.data.Dataset;
import org.espalier.engine.DeviceNetwork;
import org.espalier.engine.device.Devices;
import org.espalier.engine.Execution;
import org.espalier.method.Method;
import org.espalier.method.MethodContext;
import org.espalier.method.MethodResult;
import org.espalier.model.Network;
import org.espalier.prune.Pruning;
import org.espalier.random.Randomness;
import org.espalier.text.CanonicalText;

/**
 * One-shot pruning with the running statistics of the batch norms estimated anew before the retraining. The statistics of the dense network don't
 * fit the pruned one, so that its accuracy right after pruning says little; a result's {@code pruned} by this method is the fairer "before". No
 * weight is changed, and the retraining ends with its own statistics anyway.
 *
 * @param batches mini-batches of the recipe's size, without crops and flips; of the oldest statistics 0.9^batches is left
 */
public record ReestimatedNorms(int batches) implements Method {
    public ReestimatedNorms {
        if (batches < 1) {
            throw new IllegalArgumentException("statistics are estimated from at least 1 mini-batch, not " + batches);
        }
    }

    /** Reads what {@link #text} wrote. */
    public static ReestimatedNorms parse(CanonicalText fields) {
        return new ReestimatedNorms(fields.number("batches", 100));
    }

    @Override
    public MethodResult run(MethodContext context) {
        Network pruned = Pruning.prune(context.original(), context.plan(), context.criterion(), context.calibration(context.original()));
        return MethodResult.of(of(pruned, context.data(), batches, context.recipe().batch(), context.recipe().seed()));
    }

    /** The network with statistics of these mini-batches, drawn with the seed; each pass over the training images has another order. */
    public static Network of(Network network, Dataset data, int batches, int batchSize, long seed) {
        int size = Math.min(batchSize, data.train().size());
        int each = data.train().size() / size;
        Device device = Devices.current();
        Execution execution = Execution.on(device, network.architecture());
        try (DeviceNetwork live = DeviceNetwork.on(device, network, execution); var mode = live.mode();
                DataLoader images = data.train().on(live.manager(), data.normalisation(), execution.layout())) {
            for (int done = 0, epoch = 0; done < batches; epoch++) {
                int[] order = Randomness.permutation(images.size(), Randomness.of(seed, "norms", epoch));
                try (BatchIterator pass = images.pass(Arrays.copyOf(order, each * size), size, Augmentation.NONE, seed, epoch)) {
                    for (int i = 0; i < each && done < batches; i++, done++) {
                        try (NDManager step = live.manager().newSubManager()) {
                            Batch batch = pass.next(step);
                            live.learn(batch.images(), batch.labels());
                        }
                    }
                }
            }
            return live.snapshot();
        }
    }

    @Override
    public String text() {
        return new CanonicalText("reestimated-norms").add("batches", batches, 100).toString();
    }
}
