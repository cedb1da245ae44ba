package org.espalier.method.gal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;

/** Tensors on a device by their names, for a training with a loop of its own. */
record DeviceTensors(Map<String, NDArray> arrays) {

    static DeviceTensors of(NDManager manager, Weights weights) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        weights.tensors().forEach((name, tensor) -> arrays.put(name, array(manager, tensor)));
        return new DeviceTensors(arrays);
    }

    static NDArray array(NDManager manager, Tensor tensor) {
        // Its memory is the JVM's, and goes when the array does; so a copy is needed.
        try (NDArray borrowed = manager.create(tensor.values(), new Shape(Arrays.stream(tensor.shape()).asLongStream().toArray()))) {
            return borrowed.duplicate();
        }
    }

    /** Puts these values in the place of those of the same names. */
    void set(Weights values) {
        values.tensors().forEach((name, tensor) -> {
            try (NDArray value = array(arrays.get(name).getManager(), tensor)) {
                arrays.get(name).set(new NDIndex("..."), value);
            }
        });
    }

    static Weights download(Map<String, NDArray> arrays) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        arrays.forEach((name, array) -> {
            try (NDArray here = array.toDevice(Device.cpu(), true)) {
                tensors.put(name, Tensor.of(here.toFloatArray(), LongStream.of(array.getShape().getShape()).mapToInt(Math::toIntExact).toArray()));
            }
        });
        return new Weights(tensors);
    }
}
