package org.espalier.compute;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.model.Architecture;
import org.espalier.model.Filters;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;

/**
 * A network on a device, ready to compute: its parameters in the device's memory, the padding that they run with, and the way to compute.
 * Close it when done; what it has learnt leaves it as a {@link #snapshot}.
 */
public final class LiveNetwork implements AutoCloseable {
    private final Architecture architecture;
    private final Architecture executed;
    private final Execution execution;
    private final NDManager manager;
    private final Map<String, PtNDArray> parameters = new LinkedHashMap<>();
    private final Map<String, PtNDArray> trained = new LinkedHashMap<>();
    private final Computation computation;

    private LiveNetwork(NDManager manager, Network network, Execution execution) {
        this.manager = manager;
        this.execution = execution;
        architecture = network.architecture();
        Network padded = Filters.pad(network, execution.widths(architecture));
        executed = padded.architecture();
        executed.shapes().keySet().forEach(name -> {
            PtNDArray array = onDevice(padded.weights().get(name));
            parameters.put(name, array);
            if (!name.contains(".running_")) {
                trained.put(name, array);
            }
        });
        computation = execution.shares() ? new Shares(executed, parameters) : new WholeBatch(executed, parameters, trained);
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

    /** Of {@link #trained()}, by name, after {@link #learn}; valid as long as the manager of its images is. */
    public Map<String, NDArray> gradients() {
        return Collections.unmodifiableMap(computation.gradients());
    }

    /** What gradient descent changes, by name: all but the running statistics. */
    public Map<String, NDArray> trained() {
        return Collections.unmodifiableMap(trained);
    }

    /** The network as it is now, in its own widths. */
    public Network snapshot() {
        return new Network(architecture, download(parameters));
    }

    /** Arrays that go by the parameters' names and are padded like them, such as an optimizer's buffers, in the network's own widths. */
    public Weights download(Map<String, ? extends NDArray> arrays) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        // Where channels come last, the engine makes a copy of the array for the array's manager to keep.
        try (NDManager scratch = manager.newSubManager()) {
            arrays.forEach((name, array) -> {
                NDArray alias = array.stopGradient();
                alias.attach(scratch);
                tensors.put(name, Tensor.of(alias.toFloatArray(), executed.shapes().get(name)));
            });
        }
        return Filters.keep(executed, new Weights(tensors), Filters.first(architecture.widths()));
    }

    /** The inverse of {@link #download}: new arrays on this network's device and manager. */
    public Map<String, NDArray> upload(Weights weights) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        Filters.pad(architecture, weights, executed.widths()).tensors().forEach((name, tensor) ->
                arrays.put(name, onDevice(tensor)));
        return arrays;
    }

    /** A convolution's weights are laid out like the images: the engine would do it at every use. */
    private PtNDArray onDevice(Tensor tensor) {
        Shape shape = shapeOf(tensor.shape());
        // Its memory is the JVM's, and goes when the array does; so a copy is needed in any case.
        PtNDArray array = (PtNDArray) manager.create(tensor.values(), shape);
        if (!execution.channelsLast() || shape.dimension() != 4) {
            try (array) {
                return (PtNDArray) array.duplicate();
            }
        }
        try (array; NDArray channelsLast = array.transpose(0, 2, 3, 1); NDArray rows = channelsLast.reshape(shape.get(0), -1);
                NDArray reshaped = rows.reshape(channelsLast.getShape()); NDArray laidOut = reshaped.duplicate()) {
            return (PtNDArray) laidOut.transpose(0, 3, 1, 2);
        }
    }

    private static Shape shapeOf(int[] shape) {
        long[] lengths = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            lengths[i] = shape[i];
        }
        return new Shape(lengths);
    }

    @Override
    public void close() {
        computation.close();
        manager.close();
    }
}
