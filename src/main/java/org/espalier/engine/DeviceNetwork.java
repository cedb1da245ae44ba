package org.espalier.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.espalier.engine.cpu.FastPath;
import org.espalier.model.Architecture;
import org.espalier.model.Names;
import org.espalier.model.Network;
import org.espalier.model.Weights;
import org.espalier.model.channels.ChannelPadding;
import org.espalier.model.channels.ChannelRemoval;
import org.espalier.model.channels.Kept;

/**
 * A network on a device, ready to compute: its parameters in the device's memory, the padding that they are computed with, and the engine that
 * computes them. Close it when done; trained weights leave it as a {@link #snapshot}.
 */
public final class DeviceNetwork implements AutoCloseable {
    private final Architecture architecture;
    private final Names names;
    private final Kept kept;
    private final Architecture executed;
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
        Network padded = ChannelPadding.pad(network, execution.widths(architecture));
        executed = padded.architecture();
        parameters = new Parameters(manager, executed, padded.weights(), execution.layout());
        computation = execution instanceof Execution.Sharded sharded ? FastPath.open(executed, parameters, sharded.winograd())
                : new PlainEngine(executed.graph(), parameters);
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
        return new Network(architecture, unpadded(parameters.download()), names, kept);
    }

    /** Copies an array like {@link #trained()}, such as an optimizer's buffer, to tensors by the parameters' names, in the network's own widths. */
    public Weights download(NDArray like) {
        return unpadded(parameters.download(like));
    }

    private Weights unpadded(Weights weights) {
        return ChannelRemoval.keep(executed, weights, ChannelPadding.first(architecture.widths()));
    }

    /** The inverse of {@link #download}: a new array on this network's device and manager. */
    public NDArray upload(Weights weights) {
        return parameters.upload(ChannelPadding.pad(architecture, weights, executed.widths()));
    }

    /** These tensors as they are now. @throws IllegalArgumentException when there is none of a name */
    public Weights weights(Collection<String> names) {
        return unpadded(Parameters.download(parameters.views(), names));
    }

    /** What a node puts out for images, in evaluation mode; it belongs to the images' manager. */
    public NDArray activation(NDArray images, String node) {
        return computation.activation(images, node);
    }

    /** The gradients of these tensors, after {@link #learn}. */
    public Weights gradients(Collection<String> names) {
        try (NDManager views = manager.newSubManager()) {
            return unpadded(Parameters.download(viewsOfGradients(views), names));
        }
    }

    /** Puts these tensors in the place of those of the same names. @throws IllegalArgumentException when a name or a shape is none of this network's */
    public void set(Weights changed) {
        Parameters.update(parameters.views(), padded(changed), (view, tensor) -> view.set(new NDIndex("..."), tensor));
    }

    /** Adds to the gradients, after {@link #learn} and before they are used. */
    public void addToGradients(Weights added) {
        try (NDManager views = manager.newSubManager()) {
            Parameters.update(viewsOfGradients(views), padded(added), NDArray::addi);
        }
    }

    private Map<String, NDArray> viewsOfGradients(NDManager manager) {
        Map<String, NDArray> views = parameters.views(gradients());
        views.values().forEach(view -> view.attach(manager));
        return views;
    }

    private Weights padded(Weights own) {
        own.tensors().forEach((name, tensor) -> {
            int[] shape = architecture.shapes().get(name);
            if (shape == null || !Arrays.equals(shape, tensor.shape())) {
                throw new IllegalArgumentException("'" + name + "' of the shape " + Arrays.toString(tensor.shape()) + " is no tensor of "
                        + architecture.text() + (shape == null ? ", which has " + architecture.shapes().keySet() : ": it has the shape " + Arrays.toString(shape)));
            }
        });
        return ChannelPadding.pad(architecture, own, executed.widths());
    }

    @Override
    public void close() {
        computation.close();
        manager.close();
    }
}
