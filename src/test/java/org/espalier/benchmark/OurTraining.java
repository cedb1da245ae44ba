package org.espalier.benchmark;

import org.espalier.data.Augmentation;
import org.espalier.data.Images;
import org.espalier.engine.device.Devices;
import org.espalier.engine.Execution;
import org.espalier.train.Recipe;
import org.espalier.train.Training;
import org.espalier.train.TrainingSetup;
import org.espalier.train.schedules.FT;

/**
 * Espalier at work: a {@link Training} like any other, whose epoch is one turn. So the batches are made of bytes within the time that
 * counts, while PyTorch's stand ready; and an evaluation of one image counts, too.
 */
final class OurTraining implements Contender {
    private static final int EPOCHS = 1_000_000;
    private static final double RATE = .001;

    private final String name;
    private final Training training;
    private final int units;

    private OurTraining(String name, Training training, int units) {
        this.name = name;
        this.training = training;
        this.units = units;
    }

    /** Seconds of a turn are those of a step. */
    static OurTraining steps(Workload work, Execution execution) {
        return new OurTraining(work.name() + " " + name(execution), start(work, work.images(), Augmentation.NONE, EPOCHS, RATE, execution), work.steps());
    }

    /** Seconds of a turn are those of an epoch, with augmentation. */
    static OurTraining epoch(Workload work, Execution execution) {
        return new OurTraining(work.name() + " " + name(execution), start(work, work.images(), Augmentation.CROP_AND_FLIP, EPOCHS, RATE, execution), 1);
    }

    /** The losses of so many steps on the first batch. */
    static double[] losses(Workload work, Execution execution, double rate, int steps) {
        double[] losses = new double[steps];
        Images first = work.images().select(java.util.stream.IntStream.range(0, work.batch()).toArray());
        try (Training training = start(work, first, Augmentation.NONE, steps, rate, execution)) {
            for (int i = 0; i < steps; i++) {
                losses[i] = training.nextEpoch().trainLoss();
            }
        }
        return losses;
    }

    private static Training start(Workload work, Images images, Augmentation augmentation, int epochs, double rate, Execution execution) {
        Recipe recipe = Recipe.ofPaper().withBatch(work.batch()).withAugmentation(augmentation);
        return Training.start(TrainingSetup.of(work.network(), new FT(rate), epochs, Workload.dataset(images), recipe).on(Devices.current(), execution));
    }

    static String name(Execution execution) {
        return "Espalier " + execution.text();
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
        return training.nextEpoch().seconds() / units;
    }

    @Override
    public void close() {
        training.close();
    }
}
