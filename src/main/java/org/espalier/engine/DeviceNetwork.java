package org.espalier.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.espalier.engine.cpu.FastPath;
import org.espalier.model.Architecture;
import org.espalier.model.Filters;
import org.espalier.model.Network;
import org.espalier.model.Weights;

/**
 * A network on a device, ready to compute: its parameters in the device's memory, the padding that they are computed with, and the engine that
 * computes them. Close it when done; trained weights leave it as a {@link #snapshot}.
 */
public final class DeviceNetwork implements AutoCloseable {
    private final Architecture architecture;
    private final Architecture executed;
    private final Execution execution;
    private final NDManager manager;
    private final Parameters parameters;
    private final Computation computation;

    private DeviceNetwork(NDManager manager, Network network, Execution execution) {
        this.manager = manager;
        this.execution = execution;
        architecture = network.architecture();
        Network padded = Filters.pad(network, execution.widths(architecture));
        executed = padded.architecture();
        parameters = new Parameters(manager, executed, padded.weights(), execution.layout());
        computation = execution instanceof Execution.Sharded sharded ? FastPath.open(executed, parameters, sharded.winograd())
                : new PlainEngine(executed, parameters);
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

    public NDManager manager() {
        return manager;
    }

    public Execution execution() {
        return execution;
    }

    /** Sets the engine's modes and threads; to be open around everything that this computes and what feeds it, on the thread that opens it. */
    public EngineMode mode() {
        return computation.mode();
    }

    /** Logits [N, classes] of images [N, C, H, W], in evaluation mode; they belong to the images' manager. */
    public NDArray logits(NDArray images) {
        return computation.logits(images);
    }

    /**
     * Computes forward and backward in training mode, which moves the running statistics and leaves the gradient of the mean loss in
     * {@link #gradients()}.
     *
     * @param labels int64 [N]
     */
    public BatchLoss learn(NDArray images, NDArray labels) {
        return computation.learn(images, labels);
    }

    /** The gradient of {@link #trained()} after {@link #learn}; valid as long as the manager of its images is. */
    public NDArray gradients() {
        return computation.gradients();
    }

    /** All trained numbers in one array, which gradient descent changes: everything but the running statistics. */
    public NDArray trained() {
        return parameters.trained();
    }

    /** The network as it is now, in its own widths. */
    public Network snapshot() {
        return new Network(architecture, unpadded(parameters.download()));
    }

    /** Copies an array like {@link #trained()}, such as an optimizer's buffer, to tensors by the parameters' names, in the network's own widths. */
    public Weights download(NDArray like) {
        return unpadded(parameters.download(like));
    }

    private Weights unpadded(Weights weights) {
        return Filters.keep(executed, weights, Filters.first(architecture.widths()));
    }

    /** The inverse of {@link #download}: a new array on this network's device and manager. */
    public NDArray upload(Weights weights) {
        return parameters.upload(Filters.pad(architecture, weights, executed.widths()));
    }

    @Override
    public void close() {
        computation.close();
        manager.close();
    }
}
