package org.espalier.engine.device;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.espalier.data.MemoryFormat;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;

/**
 * Where tensors lie in one array, one behind the other. Where activations have their channels last, so do the weights of convolutions: the engine
 * would rearrange them at every use.
 */
final class TensorPlaces {
    /** Weights begin with a line of the cache, as kernels for vectors and for tensor cores like it. */
    private static final int OF_WEIGHTS = 16;
    /** Norms' vectors lie behind them; a GPU's batch norm reads four numbers at once, and fails where they begin elsewhere. */
    private static final int OF_VECTORS = 4;

    private record Place(String name, int[] shape, int from) {
        int size() {
            return IntStream.of(shape).reduce(1, (a, b) -> a * b);
        }

        int end() {
            return from + size();
        }
    }

    private final List<Place> places = new ArrayList<>();
    private final MemoryFormat layout;

    TensorPlaces(Map<String, int[]> shapes, MemoryFormat layout) {
        this.layout = layout;
        place(shapes, shape -> shape.length > 1, OF_WEIGHTS);
        place(shapes, shape -> shape.length == 1, OF_VECTORS);
    }

    private void place(Map<String, int[]> shapes, Predicate<int[]> which, int alignment) {
        shapes.forEach((name, shape) -> {
            if (which.test(shape)) {
                places.add(new Place(name, shape, (end() + alignment - 1) / alignment * alignment));
            }
        });
    }

    private int end() {
        return places.isEmpty() ? 0 : places.get(places.size() - 1).end();
    }

    /** The tensors of an array, by their names, in their own shapes and the same memory. */
    Map<String, NDArray> views(NDArray all) {
        if (places.isEmpty()) {
            return Map.of();
        }
        List<Integer> cuts = new ArrayList<>();
        int end = 0;
        for (Place place : places) {
            if (place.from > end) {
                cuts.add(place.from);
            }
            end = place.end();
            cuts.add(end);
        }
        // The last one is the array's end.
        NDList parts = all.split(cuts.subList(0, cuts.size() - 1).stream().mapToLong(Integer::longValue).toArray(), 0);
        Map<String, NDArray> named = new LinkedHashMap<>();
        int part = 0;
        end = 0;
        for (Place place : places) {
            if (place.from > end) {
                parts.get(part++).close();
            }
            named.put(place.name, shaped(parts.get(part++), place.shape));
            end = place.end();
        }
        return named;
    }

    private NDArray shaped(NDArray part, int[] shape) {
        if (shape.length == 1) {
            return part;
        }
        if (shape.length == 2 || layout == MemoryFormat.CONTIGUOUS) {
            try (part) {
                return part.reshape(DeviceTensors.shape(shape));
            }
        }
        try (part; NDArray laidOut = part.reshape(shape[0], shape[2], shape[3], shape[1])) {
            return laidOut.transpose(0, 3, 1, 2);
        }
    }

    /** Copies all tensors of an array to the host at once. */
    Map<String, Tensor> download(NDArray all) {
        Map<String, Tensor> tensors = new HashMap<>();
        float[] values;
        // An array on a GPU would keep the copy that it's read from for as long as it lives.
        try (NDArray here = all.toDevice(Device.cpu(), true)) {
            values = here.toFloatArray();
        }
        for (Place place : places) {
            float[] own = new float[place.size()];
            copy(place, own, values, false);
            tensors.put(place.name, Tensor.of(own, place.shape));
        }
        return tensors;
    }

    /** The inverse of {@link #download}: a new array of the manager. */
    NDArray upload(NDManager manager, Weights weights) {
        // Without norms there are no statistics; an array has a number all the same.
        float[] values = new float[Math.max(1, end())];
        for (Place place : places) {
            copy(place, weights.get(place.name).values(), values, true);
        }
        // Its memory is the JVM's, and goes when the array does; so a copy is needed in any case.
        try (NDArray borrowed = manager.create(values)) {
            return borrowed.duplicate();
        }
    }

    /** Copies between a tensor's own order and the device's. */
    private void copy(Place place, float[] own, float[] all, boolean toDevice) {
        int[] shape = place.shape;
        int channels = shape.length == 4 && layout == MemoryFormat.CHANNELS_LAST ? shape[1] : 1;
        int pixels = channels == 1 ? 1 : shape[2] * shape[3];
        for (int i = 0; i < own.length; i++) {
            int pixel = i % pixels;
            int channel = i / pixels % channels;
            int filter = i / (pixels * channels);
            int there = place.from + (filter * pixels + pixel) * channels + channel;
            if (toDevice) {
                all[there] = own[i];
            } else {
                own[i] = all[there];
            }
        }
    }
}
