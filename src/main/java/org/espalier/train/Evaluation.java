package org.espalier.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.concurrent.CancellationException;
import org.apache.commons.math3.util.MathArrays;
import org.espalier.data.Augmentation;
import org.espalier.data.Batch;
import org.espalier.data.Dataset;
import org.espalier.data.Feed;
import org.espalier.data.Pass;
import org.espalier.engine.Devices;
import org.espalier.engine.Execution;
import org.espalier.engine.CrossEntropy;
import org.espalier.engine.DeviceNetwork;
import org.espalier.model.Network;

/** What a network makes of a set of images: how many it gets right, and its mean cross-entropy. */
public record Evaluation(int correct, int images, double loss) {
    /** Batches of this many images, or of this many pixels if that is fewer images: activations grow with the pixels. */
    private static final int BATCH = 250;
    /** A GPU would wait for the host with fewer. */
    private static final int BATCH_OF_GPU = 1000;
    private static final int PIXELS = 1 << 22;

    /** A fraction in [0, 1]. */
    public double accuracy() {
        return (double) correct / images;
    }

    /** On the test split, on the first GPU or the CPU. */
    public static Evaluation of(Network network, Dataset data) {
        Feeding.requireFit(network, data);
        Device device = Devices.current();
        try (DeviceNetwork live = DeviceNetwork.on(device, network, Execution.on(device, network.architecture()));
                Feed test = Feeding.of(live, data.test(), data.normalisation())) {
            return of(live, test);
        }
    }

    /** The images unchanged, in evaluation mode; the device is read once, at the end. */
    public static Evaluation of(DeviceNetwork network, Feed images) {
        int size = Math.max(1, Math.min(network.manager().getDevice().isGpu() ? BATCH_OF_GPU : BATCH, PIXELS / images.pixels()));
        try (NDManager sums = network.manager().newSubManager(); var mode = network.mode();
                Pass pass = images.pass(MathArrays.natural(images.size()), size, Augmentation.NONE, 0, 0)) {
            NDArray loss = sums.zeros(new Shape());
            NDArray correct = sums.zeros(new Shape(), DataType.INT64);
            for (int done = 0; done < images.size(); done += size) {
                if (Thread.interrupted()) {
                    throw new CancellationException("the evaluation was interrupted at image " + done + " of " + images.size());
                }
                try (NDManager step = network.manager().newSubManager()) {
                    Batch batch = pass.next(step);
                    NDArray logits = network.logits(batch.images());
                    loss.addi(CrossEntropy.sum(logits, batch.labels()));
                    correct.addi(CrossEntropy.correct(logits, batch.labels()));
                }
            }
            return new Evaluation((int) correct.getLong(), images.size(), loss.getFloat() / images.size());
        }
    }
}
