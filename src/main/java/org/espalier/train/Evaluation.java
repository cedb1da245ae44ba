package org.espalier.train;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.apache.commons.math3.util.MathArrays;
import org.espalier.data.Augmentation;
import org.espalier.data.Dataset;
import org.espalier.data.DeviceImages;
import org.espalier.model.Execution;
import org.espalier.model.Gradients;
import org.espalier.model.LiveNetwork;
import org.espalier.model.Network;

/** What a network makes of a set of images: how many it gets right, and its mean cross-entropy. */
public record Evaluation(int correct, int images, double loss) {
    private static final int BATCH = 250;

    /** A fraction in [0, 1]. */
    public double accuracy() {
        return (double) correct / images;
    }

    /** On the test split, on the first GPU or the CPU. */
    public static Evaluation of(Network network, Dataset data) {
        Resident.requireFit(network, data);
        Device device = Engine.getInstance().defaultDevice();
        try (LiveNetwork live = LiveNetwork.on(device, network, Execution.on(device));
                DeviceImages test = Resident.on(live, data.test(), data.normalisation())) {
            return of(live, test);
        }
    }

    /** The images unchanged, in evaluation mode; the device is read once, at the end. */
    public static Evaluation of(LiveNetwork network, DeviceImages images) {
        int[] rows = MathArrays.natural(images.size());
        try (NDManager sums = network.manager().newSubManager(); var guard = Gradients.off()) {
            NDArray loss = sums.zeros(new Shape());
            NDArray correct = sums.zeros(new Shape(), DataType.INT64);
            for (int start = 0; start < rows.length; start += BATCH) {
                int[] batch = Arrays.copyOfRange(rows, start, Math.min(rows.length, start + BATCH));
                try (NDManager step = network.manager().newSubManager()) {
                    NDArray labels = images.labels(step, batch);
                    NDArray logits = network.forward(images.images(step, batch, Augmentation.NONE, null), false);
                    loss.addi(CrossEntropy.sum(logits, labels));
                    correct.addi(CrossEntropy.correct(logits, labels));
                }
            }
            return new Evaluation((int) correct.getLong(), rows.length, loss.getFloat() / rows.length);
        }
    }
}
