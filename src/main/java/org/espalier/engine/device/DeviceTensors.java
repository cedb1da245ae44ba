package org.espalier.engine.device;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;

/** Tensors on a device by their names, and their way to the host and back. */
public record DeviceTensors(Map<String, NDArray> arrays) {

    public static DeviceTensors of(NDManager manager, Weights weights) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        weights.tensors().forEach((name, tensor) -> arrays.put(name, array(manager, tensor)));
        return new DeviceTensors(arrays);
    }

    /** Copies a tensor to the manager's device. */
    public static NDArray array(NDManager manager, Tensor tensor) {
        // Its memory is the JVM's, and goes when the array does; so a copy is needed.
        try (NDArray borrowed = manager.create(tensor.values(), shape(tensor.shape()))) {
            return borrowed.duplicate();
        }
    }

    /** Copies an array to the host. */
    public static Tensor tensor(NDArray array) {
        // A permuted array leaves its contiguous copy with its manager, and one on a GPU the copy that it's read from, for as long as it lives.
        try (NDManager scratch = array.getManager().newSubManager()) {
            NDArray here = array.toDevice(Device.cpu(), true);
            here.attach(scratch);
            return Tensor.of(here.toFloatArray(), Arrays.stream(array.getShape().getShape()).mapToInt(Math::toIntExact).toArray());
        }
    }

    static Shape shape(int... lengths) {
        return new Shape(Arrays.stream(lengths).asLongStream().toArray());
    }

    /** Copies all of them to the host. */
    public Weights download() {
        return download(arrays.keySet());
    }

    /** Copies these to the host. @throws IllegalArgumentException when there is none of a name */
    public Weights download(Collection<String> names) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        names.forEach(name -> tensors.put(name, tensor(array(name))));
        return new Weights(tensors);
    }

    /** Puts these values in the place of those of the same names. */
    public void set(Weights values) {
        change(values, (array, value) -> array.set(new NDIndex("..."), value));
    }

    /** Adds these values to those of the same names. */
    public void add(Weights values) {
        change(values, NDArray::addi);
    }

    private void change(Weights values, BiConsumer<NDArray, NDArray> change) {
        values.tensors().forEach((name, tensor) -> {
            NDArray array = array(name);
            // Is read at once, so its memory may be the JVM's.
            try (NDArray value = array.getManager().create(tensor.values(), array.getShape())) {
                change.accept(array, value);
            }
        });
    }

    private NDArray array(String name) {
        NDArray array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException("no tensor '" + name + "' among " + arrays.keySet());
        }
        return array;
    }
}
