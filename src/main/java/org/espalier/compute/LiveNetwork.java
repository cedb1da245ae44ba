package org.espalier.compute;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.espalier.model.Architecture;
import org.espalier.model.Filters;
import org.espalier.model.Names;
import org.espalier.model.Network;
import org.espalier.model.Weights;

/**
 * A network on a device, ready to compute: its parameters in the device's memory, the padding that they run with, and the way to compute.
 * Close it when done; what it has learnt leaves it as a {@link #snapshot}.
 */
public final class LiveNetwork implements AutoCloseable {
    private final Architecture architecture;
    private final Names names;
    private final Architecture executed;
    private final Execution execution;
    private final NDManager manager;
    private final Parameters parameters;
    private final Computation computation;

    private LiveNetwork(NDManager manager, Network network, Execution execution) {
        this.manager = manager;
        this.execution = execution;
        architecture = network.architecture();
        names = network.names();
        Network padded = Filters.pad(network, execution.widths(architecture));
        executed = padded.architecture();
        parameters = new Parameters(manager, executed, padded.weights(), execution.channelsLast());
        computation = execution.shares() ? new Shares(executed, parameters, execution.winograd()) : new WholeBatch(executed, parameters);
    }

    /** @throws IllegalArgumentException where the execution has an {@linkplain Execution#obstacle obstacle} */
    public static LiveNetwork on(Device device, Network network, Execution execution) {
        execution.obstacle(device, network.architecture()).ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
        NDManager manager = NDManager.newBaseManager(device);
        try {
            return new LiveNetwork(manager, network, execution);
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

    /** To be open around everything that this computes, and around what feeds it; for the thread that opens it. */
    public EngineMode mode() {
        return computation.mode();
    }

    /** Logits [batch, classes] for images [batch, channels, height, width], in evaluation mode; they belong to the images' manager. */
    public NDArray logits(NDArray images) {
        return computation.logits(images);
    }

    /**
     * One pass through and back in training mode, which moves the running statistics and leaves the gradient of the mean loss in
     * {@link #gradients()}.
     *
     * @param labels int64 [batch]
     */
    public Learnt learn(NDArray images, NDArray labels) {
        return computation.learn(images, labels);
    }

    /** Of {@link #trained()}, after {@link #learn}; valid as long as the manager of its images is. */
    public NDArray gradients() {
        return computation.gradients();
    }

    /** What gradient descent changes, in one axis: all but the running statistics. */
    public NDArray trained() {
        return parameters.trained();
    }

    /** The network as it is now, in its own widths. */
    public Network snapshot() {
        return new Network(architecture, unpadded(parameters.download()), names);
    }

    /** An array like {@link #trained()}, such as an optimizer's buffer, by the parameters' names and in the network's own widths. */
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
