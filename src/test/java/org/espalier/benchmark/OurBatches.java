package org.espalier.benchmark;

import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.engine.device.Devices;
import org.espalier.engine.Execution;
import org.espalier.data.Augmentation;
import org.espalier.data.DeviceImages;
import org.espalier.data.Images;
import org.espalier.data.MemoryFormat;
import org.espalier.data.Normalisation;
import org.espalier.random.Randomness;

/** The data path alone: every augmented batch of an epoch, and nothing done with it. */
final class OurBatches implements Contender {
    private final String name;
    private final int batch;
    private final NDManager manager = NDManager.newBaseManager(Devices.current());
    private final DeviceImages images;
    private final double placingSeconds;
    private int epoch;

    OurBatches(Workload work, Execution execution) {
        name = work.name() + " batches";
        batch = work.batch();
        Images all = work.images();
        long began = System.nanoTime();
        images = DeviceImages.on(manager, all, Normalisation.CIFAR10, execution.layout());
        placingSeconds = (System.nanoTime() - began) / 1e9;
    }

    /** What it took to put the images onto the device, which a training does once. */
    double placingSeconds() {
        return placingSeconds;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Side side() {
        return Espalier.HERE;
    }

    @Override
    public double turn() {
        long began = System.nanoTime();
        int[] order = Randomness.permutation(images.size(), Randomness.of(1, "shuffle", epoch));
        RandomGenerator random = Randomness.of(1, "augment", epoch++);
        for (int start = 0; start < order.length; start += batch) {
            int[] rows = Arrays.copyOfRange(order, start, Math.min(order.length, start + batch));
            try (NDManager step = manager.newSubManager()) {
                images.labels(step, rows);
                images.images(step, rows, Augmentation.CROP_AND_FLIP, random);
            }
        }
        return (System.nanoTime() - began) / 1e9;
    }

    @Override
    public void close() {
        manager.close();
    }
}
