package org.espalier.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import org.apache.commons.math3.util.MathArrays;
import org.espalier.engine.CrossEntropy;
import org.espalier.engine.device.Devices;
import org.espalier.engine.Execution;
import org.espalier.engine.DeviceNetwork;
import org.espalier.data.Augmentation;
import org.espalier.data.Batch;
import org.espalier.data.BatchIterator;
import org.espalier.data.DataLoader;
import org.espalier.data.Normalisation;
import org.espalier.data.Split;
import org.espalier.data.Dataset;
import org.espalier.model.Network;

/**
 * What a network makes of a set of images.
 *
 * @param correct      images whose class has the highest logit
 * @param correctOfFive images whose class is among the five highest, as ImageNet's top-5 accuracy counts them; nothing of up to ten classes, where
 *                      it says little, and nothing where it wasn't counted
 * @param loss         mean cross-entropy
 */
public record Evaluation(int correct, OptionalInt correctOfFive, int images, double loss) {
    /** Of CIFAR-10's networks nearly all images are right in five tries. */
    private static final int MANY_CLASSES = 10;
    /** Batches of this many images, or of this many pixels if that is fewer images: activations grow with the pixels. */
    private static final int BATCH = 250;
    /** A GPU would wait for the host with fewer. */
    private static final int BATCH_OF_GPU = 1000;
    private static final int PIXELS = 1 << 22;

    /** Top-1: a fraction in [0, 1]. */
    public double accuracy() {
        return (double) correct / images;
    }

    /** Top-5: a fraction in [0, 1], of data with more than ten classes. */
    public OptionalDouble topFive() {
        return correctOfFive.isPresent() ? OptionalDouble.of((double) correctOfFive.getAsInt() / images) : OptionalDouble.empty();
    }

    @Override
    public String toString() {
        String five = topFive().isPresent() ? String.format(Locale.ROOT, ", %.2f %% top-5", 100 * topFive().getAsDouble()) : "";
        return String.format(Locale.ROOT, "%,d of %,d right: %.2f %%%s%s, loss %.4f", correct, images, 100 * accuracy(), five.isEmpty() ? "" : " top-1", five, loss);
    }

    /** Images for a network on its device, laid out as it is executed. */
    static DataLoader loader(DeviceNetwork network, Split split, Normalisation normalisation) {
        return split.on(network.manager(), normalisation, network.execution().layout());
    }

    /** On the test split, on the first GPU or the CPU. */
    public static Evaluation of(Network network, Dataset data) {
        data.requireFit(network.architecture().channels(), network.architecture().classes());
        Device device = Devices.current();
        try (DeviceNetwork live = DeviceNetwork.on(device, network, Execution.on(device, network.architecture()));
                DataLoader test = loader(live, data.test(), data.normalisation())) {
            return of(live, test);
        }
    }

    /** The images unchanged, in evaluation mode; the device is read once, at the end. */
    public static Evaluation of(DeviceNetwork network, DataLoader images) {
        int size = Math.max(1, Math.min(network.manager().getDevice().isGpu() ? BATCH_OF_GPU : BATCH, PIXELS / images.pixels()));
        try (NDManager sums = network.manager().newSubManager(); var mode = network.mode();
                BatchIterator pass = images.pass(MathArrays.natural(images.size()), size, Augmentation.NONE, 0, 0)) {
            NDArray loss = sums.zeros(new Shape());
            NDArray correct = sums.zeros(new Shape(), DataType.INT64);
            NDArray correctOfFive = sums.zeros(new Shape(), DataType.INT64);
            boolean many = false;
            for (int done = 0; done < images.size(); done += size) {
                if (Thread.interrupted()) {
                    throw new CancellationException("the evaluation was interrupted at image " + done + " of " + images.size());
                }
                try (NDManager step = network.manager().newSubManager()) {
                    Batch batch = pass.next(step);
                    NDArray logits = network.logits(batch.images());
                    loss.addi(CrossEntropy.sum(logits, batch.labels()));
                    correct.addi(CrossEntropy.correct(logits, batch.labels()));
                    many = logits.getShape().get(1) > MANY_CLASSES;
                    if (many) {
                        correctOfFive.addi(CrossEntropy.correctOfFive(logits, batch.labels()));
                    }
                }
            }
            OptionalInt five = many ? OptionalInt.of((int) correctOfFive.getLong()) : OptionalInt.empty();
            return new Evaluation((int) correct.getLong(), five, images.size(), loss.getFloat() / images.size());
        }
    }
}
