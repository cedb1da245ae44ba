package org.espalier.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import org.espalier.engine.cpu.FastPath;
import org.espalier.engine.device.BatchThatFits;
import org.espalier.engine.device.EngineMode;
import org.espalier.engine.device.Parameters;
import org.espalier.model.Architecture;
import org.espalier.model.Names;
import org.espalier.model.Network;
import org.espalier.model.channels.Kept;

/**
 * A network on a device, ready to compute: its parameters in the device's memory, the padding that they are computed with, and the engine that
 * computes them. Close it when done; trained weights leave it as a {@link #snapshot}.
 */
public final class DeviceNetwork implements AutoCloseable {
    private final Architecture architecture;
    private final Names names;
    private final Kept kept;
    private final Execution execution;
    private final NDManager manager;
    private final Parameters parameters;
    private final Computation computation;

    private DeviceNetwork(NDManager manager, Network network, Execution execution) {
        this.manager = manager;
        this.execution = execution;
        architecture = network.architecture();
        names = network.names();
        kept = network.kept();
        parameters = new Parameters(manager, network, execution.widths(architecture), execution.layout());
        computation = execution instanceof Execution.Sharded sharded ? FastPath.open(parameters, sharded.winograd()) : new PlainEngine(parameters);
    }

    /** Copies a network to a device. @throws IllegalArgumentException where the execution has an {@linkplain Execution#obstacle obstacle} */
    public static DeviceNetwork on(Device device, Network network, Execution execution) {
        execution.obstacle(device, network.architecture()).ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
        NDManager manager = NDManager.newBaseManager(device);
        try {
            return new DeviceNetwork(manager, network, execution);
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    /** In its own widths, whatever it is padded to. */
    public Architecture architecture() {
        return architecture;
    }

    public NDManager manager() {
        return manager;
    }

    public Execution execution() {
        return execution;
    }

    /** What gradient descent changes, and what is read and written by name, in the network's own widths. */
    public Parameters parameters() {
        return parameters;
    }

    /** Sets the engine's modes and threads; to be open around everything that this computes and what feeds it, on the thread that opens it. */
    public EngineMode mode() {
        return computation.mode();
    }

    /** Logits [N, classes] of images [N, C, H, W], in evaluation mode; they belong to the images' manager. */
    public NDArray logits(NDArray images) {
        return computation.logits(images);
    }

    /** What a node puts out for images, in evaluation mode; it belongs to the images' manager. */
    public NDArray activation(NDArray images, String node) {
        return computation.activation(images, node);
    }

    /**
     * Computes forward and backward in training mode, which moves the running statistics and leaves the gradient of the mean loss in
     * {@link #gradients()}.
     *
     * @param labels int64 [N]
     * @throws IllegalStateException when the device's memory doesn't suffice; names the batch that fits
     */
    public BatchLoss learn(NDArray images, NDArray labels) {
        try {
            return computation.learn(images, labels);
        } catch (RuntimeException | OutOfMemoryError e) {
            throw BatchThatFits.explained(e, manager.getDevice(), images.getShape().get(0), size -> {
                try (NDManager trial = manager.newSubManager()) {
                    NDIndex part = new NDIndex("0:" + size);
                    NDArray some = images.get(trial, part);
                    computation.learn(some, labels.get(trial, part));
                }
            });
        }
    }

    /** The gradient of {@link Parameters#trained()} after {@link #learn}, one array like it; valid as long as the manager of its images is. */
    public NDArray gradients() {
        return computation.gradients();
    }

    /** The network as it is now, in its own widths. */
    public Network snapshot() {
        return new Network(architecture, parameters.download(), names, kept);
    }

    @Override
    public void close() {
        computation.close();
        manager.close();
    }
}
