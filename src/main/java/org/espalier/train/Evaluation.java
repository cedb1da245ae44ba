package org.espalier.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.concurrent.CancellationException;
import org.apache.commons.math3.util.MathArrays;
import org.espalier.engine.CrossEntropy;
import org.espalier.engine.Devices;
import org.espalier.engine.Execution;
import org.espalier.engine.DeviceNetwork;
import org.espalier.data.Augmentation;
import org.espalier.data.Batch;
import org.espalier.data.BatchIterator;
import org.espalier.data.DataLoader;
import org.espalier.data.MemoryFormat;
import org.espalier.data.Normalisation;
import org.espalier.data.Split;
import org.espalier.data.Dataset;
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

    /** @throws IllegalArgumentException when the network can't see these images, or knows fewer classes than they have */
    static void requireFit(Network network, Dataset data) {
        int channels = network.architecture().channels();
        int classes = network.architecture().classes();
        if (channels != data.test().channels() || classes < data.test().classes().size()) {
            throw new IllegalArgumentException("the network takes " + channels + " channels and knows " + classes + " classes, but the images of "
                    + data.name() + " have " + data.test().channels() + " channels and " + data.test().classes().size() + " classes");
        }
    }

    /** Images for a network on its device, laid out as it is executed. */
    static DataLoader loader(DeviceNetwork network, Split split, Normalisation normalisation) {
        return split.on(network.manager(), normalisation,
                network.execution().layout());
    }

    /** On the test split, on the first GPU or the CPU. */
    public static Evaluation of(Network network, Dataset data) {
        requireFit(network, data);
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
