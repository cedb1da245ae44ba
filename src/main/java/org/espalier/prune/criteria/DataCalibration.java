package org.espalier.prune.criteria;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.espalier.data.Augmentation;
import org.espalier.data.Batch;
import org.espalier.data.BatchIterator;
import org.espalier.data.DataLoader;
import org.espalier.data.Dataset;
import org.espalier.data.MemoryFormat;
import org.espalier.engine.DeviceNetwork;
import org.espalier.engine.Execution;
import org.espalier.engine.device.DeviceTensors;
import org.espalier.engine.device.Devices;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.prune.Calibration;
import org.espalier.random.Randomness;

/**
 * Mini-batches of training images, drawn once without replacement and shown as they are, without crops and flips. (HRank's code crops and flips
 * them; a rank averaged over hundreds of maps hardly depends on it, and unmoved images make a score that depends on nothing but the seed.)
 *
 * <p>The gradients of all mini-batches are computed at the first question, the activations of a node at the first question about it, and both
 * are kept in the host's memory: gradients all the time, activations of the last node only. The network itself is never changed: its copy on the
 * device, whose running statistics move, is gone after each computation.
 */
public final class DataCalibration implements Calibration {
    /** On any device and for any network; without padded widths, whose activations nobody asks for. */
    private static final Execution EXECUTION = new Execution.WholeBatch(MemoryFormat.CHANNELS_LAST, 1);

    private final Network network;
    private final Dataset images;
    private final int batches;
    private final int batchSize;
    private List<Weights> gradients;
    private String node = "";
    private List<Tensor> activations;

    /** What is computed from one mini-batch on the device. */
    private interface Computation<T> {
        T of(DeviceNetwork network, Batch batch);
    }

    private DataCalibration(Network network, Dataset images, int batches, int batchSize) {
        this.network = network;
        this.images = images;
        this.batches = batches;
        this.batchSize = batchSize;
    }

    /** Draws the mini-batches. */
    public static DataCalibration of(Network network, Dataset data, int batches, int batchSize, long seed) {
        if (batches < 1 || batchSize < 2) {
            throw new IllegalArgumentException("a calibration has at least 1 mini-batch of at least 2 images, which batch norm needs, not " + batches
                    + " of " + batchSize);
        }
        int size = data.train().size();
        if (size < (long) batches * batchSize) {
            throw new IllegalArgumentException(batches + " mini-batches of " + batchSize + " images are more than the " + size + " training images of "
                    + data.name() + "; take fewer, or smaller ones");
        }
        data.requireFit(network.architecture().channels(), network.architecture().classes());
        int[] rows = Arrays.copyOf(Randomness.permutation(size, Randomness.of(seed, "calibration", 0)), batches * batchSize);
        Dataset drawn = new Dataset(data.name(), data.train().select(rows), data.validation(), data.test(), data.normalisation());
        return new DataCalibration(network, drawn, batches, batchSize);
    }

    @Override
    public int batches() {
        return batches;
    }

    @Override
    public synchronized Weights gradients(int batch) {
        if (gradients == null) {
            gradients = computed((live, shown) -> {
                live.learn(shown.images(), shown.labels());
                return live.parameters().download(live.gradients());
            });
        }
        return gradients.get(batch);
    }

    @Override
    public synchronized Tensor activations(String ofNode, int batch) {
        if (!node.equals(ofNode)) {
            activations = computed((live, shown) -> DeviceTensors.tensor(live.activation(shown.images(), ofNode)));
            node = ofNode;
        }
        return activations.get(batch);
    }

    private <T> List<T> computed(Computation<T> computation) {
        List<T> all = new ArrayList<>();
        try (DeviceNetwork live = DeviceNetwork.on(Devices.current(), network, EXECUTION); var mode = live.mode();
                DataLoader loader = images.train().on(live.manager(), images.normalisation(), EXECUTION.layout());
                BatchIterator pass = loader.pass(IntStream.range(0, loader.size()).toArray(), batchSize, Augmentation.NONE, 0, 0)) {
            for (int i = 0; i < batches; i++) {
                try (NDManager step = live.manager().newSubManager()) {
                    all.add(computation.of(live, pass.next(step)));
                }
            }
        }
        return all;
    }
}
