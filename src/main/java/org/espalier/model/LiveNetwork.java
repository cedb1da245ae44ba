package org.espalier.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network on a device, ready to compute: the block, its parameters in the device's memory, and the padding that they run with. Close it
 * when done; what it has learnt leaves it as a {@link #snapshot}.
 */
public final class LiveNetwork implements AutoCloseable {
    private final Architecture architecture;
    private final Architecture executed;
    private final Execution execution;
    private final NDManager manager;
    private final Block block;
    private final ParameterStore store;
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();

    private LiveNetwork(NDManager manager, Network network, Execution execution) {
        this.manager = manager;
        this.execution = execution;
        architecture = network.architecture();
        Network padded = Filters.pad(network, execution.widths(architecture));
        executed = padded.architecture();
        block = executed.block();
        // Any image size will do here: no parameter depends on it.
        block.initialize(manager, DataType.FLOAT32, new Shape(1, architecture.channels(), 32, 32));
        store = new ParameterStore(manager, false);
        var arrays = block.getParameters().values().iterator();
        executed.shapes().forEach((name, shape) -> {
            Parameter parameter = arrays.next();
            parameter.getArray().set(FloatBuffer.wrap(padded.weights().get(name).values()));
            parameters.put(name, parameter);
        });
    }

    public static LiveNetwork on(Device device, Network network, Execution execution) {
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

    /** Logits [batch, classes] for images [batch, channels, height, width]; the result belongs to the images' manager. */
    public NDArray forward(NDArray images, boolean training) {
        return block.forward(store, new NDList(images), training).singletonOrThrow();
    }

    /** What gradient descent changes, by name: all but the running statistics. */
    public Map<String, NDArray> trained() {
        Map<String, NDArray> trained = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> {
            if (parameter.requiresGradient()) {
                trained.put(name, parameter.getArray());
            }
        });
        return Collections.unmodifiableMap(trained);
    }

    /** The network as it is now, in its own widths. */
    public Network snapshot() {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> arrays.put(name, parameter.getArray()));
        return new Network(architecture, download(arrays));
    }

    /** Arrays that go by the parameters' names and are padded like them, such as an optimizer's buffers, in the network's own widths. */
    public Weights download(Map<String, NDArray> arrays) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        arrays.forEach((name, array) -> tensors.put(name, Tensor.of(array.toFloatArray(), executed.shapes().get(name))));
        return Filters.keep(executed, new Weights(tensors), Filters.first(architecture.widths()));
    }

    /** The inverse of {@link #download}: new arrays on this network's device and manager. */
    public Map<String, NDArray> upload(Weights weights) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        Filters.pad(architecture, weights, executed.widths()).tensors().forEach((name, tensor) ->
                arrays.put(name, manager.create(tensor.values(), shapeOf(tensor))));
        return arrays;
    }

    private static Shape shapeOf(Tensor tensor) {
        int[] shape = tensor.shape();
        long[] lengths = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            lengths[i] = shape[i];
        }
        return new Shape(lengths);
    }

    List<Integer> executedWidths() {
        return executed.widths();
    }

    @Override
    public void close() {
        manager.close();
    }
}
