package org.espalier.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import org.espalier.data.MemoryFormat;
import org.espalier.model.Architecture;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;

/**
 * A network's parameters on a device: one array of all trained numbers, one of all running statistics, and a view into them for each tensor.
 * Gradient descent is so a few operations however many layers there are, and so is a copy to the device and back.
 *
 * <p>Where activations have their channels last, so do the weights of convolutions: the engine would rearrange them at every use.
 */
public final class Parameters {
    /** Weights begin with a line of the cache, as kernels for vectors and for tensor cores like it. */
    private static final int OF_WEIGHTS = 16;
    /** Norms' vectors lie behind them; a GPU's batch norm reads four numbers at once, and fails where they begin elsewhere. */
    private static final int OF_VECTORS = 4;

    /** Where a tensor lies in an array of all. */
    private record Place(String name, int[] shape, int from) {
        int size() {
            int size = 1;
            for (int length : shape) {
                size *= length;
            }
            return size;
        }

        int end() {
            return from + size();
        }
    }

    private final Architecture architecture;
    private final MemoryFormat layout;
    private final List<Place> placesOfTrained = new ArrayList<>();
    private final List<Place> placesOfStatistics = new ArrayList<>();
    private final NDArray trained;
    private final NDArray statistics;
    private final Map<String, NDArray> views = new LinkedHashMap<>();

    Parameters(NDManager manager, Architecture architecture, Weights weights, MemoryFormat layout) {
        this.architecture = architecture;
        this.layout = layout;
        architecture.shapes().forEach((name, shape) -> {
            if (shape.length > 1) {
                place(placesOfTrained, name, shape, OF_WEIGHTS);
            }
        });
        architecture.shapes().forEach((name, shape) -> {
            if (shape.length == 1) {
                place(name.contains(".running_") ? placesOfStatistics : placesOfTrained, name, shape, OF_VECTORS);
            }
        });
        trained = upload(manager, weights, placesOfTrained);
        statistics = upload(manager, weights, placesOfStatistics);
        views.putAll(views(trained));
        views.putAll(views(statistics, placesOfStatistics));
    }

    private static void place(List<Place> places, String name, int[] shape, int alignment) {
        int free = places.isEmpty() ? 0 : places.get(places.size() - 1).end();
        places.add(new Place(name, shape, (free + alignment - 1) / alignment * alignment));
    }

    /** All trained numbers, in one axis. */
    public NDArray trained() {
        return trained;
    }

    /** All tensors by their names, in their own shapes and the same memory. */
    public Map<String, NDArray> views() {
        return views;
    }

    /** The tensors of an array like {@link #trained()}, by their names; with its manager, and recorded where gradients are. */
    public Map<String, NDArray> views(NDArray all) {
        return views(all, placesOfTrained);
    }

    private Map<String, NDArray> views(NDArray all, List<Place> places) {
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
                return part.reshape(shapeOf(shape));
            }
        }
        try (part; NDArray laidOut = part.reshape(shape[0], shape[2], shape[3], shape[1])) {
            return laidOut.transpose(0, 3, 1, 2);
        }
    }

    private static Shape shapeOf(int[] shape) {
        long[] lengths = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            lengths[i] = shape[i];
        }
        return new Shape(lengths);
    }

    /** Copies all weights to the host, as they are now. */
    Weights download() {
        Map<String, Tensor> tensors = new HashMap<>(download(trained, placesOfTrained));
        tensors.putAll(download(statistics, placesOfStatistics));
        return inOrder(tensors);
    }

    /** Copies the tensors of an array like {@link #trained()} to the host. */
    Weights download(NDArray all) {
        return inOrder(download(all, placesOfTrained));
    }

    private Weights inOrder(Map<String, Tensor> tensors) {
        Map<String, Tensor> ordered = new LinkedHashMap<>();
        architecture.shapes().keySet().stream().filter(tensors::containsKey).forEach(name -> ordered.put(name, tensors.get(name)));
        return new Weights(ordered);
    }

    private Map<String, Tensor> download(NDArray all, List<Place> places) {
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

    /** Tensors out of views such as {@link #views()}, each in its own shape. @throws IllegalArgumentException when there is none of a name */
    static Weights download(Map<String, NDArray> views, Collection<String> names) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : names) {
            NDArray view = view(views, name);
            // Reading a permuted array leaves its contiguous copy with the array's manager.
            try (NDManager scratch = view.getManager().newSubManager()) {
                NDArray here = view.toDevice(Device.cpu(), true);
                here.attach(scratch);
                tensors.put(name, Tensor.of(here.toFloatArray(), lengths(view)));
            }
        }
        return new Weights(tensors);
    }

    /** Changes a view by the tensor of its name, which has its shape. */
    static void update(Map<String, NDArray> views, Weights tensors, BiConsumer<NDArray, NDArray> change) {
        tensors.tensors().forEach((name, tensor) -> {
            NDArray view = view(views, name);
            try (NDArray there = view.getManager().create(tensor.values(), view.getShape())) {
                change.accept(view, there);
            }
        });
    }

    private static NDArray view(Map<String, NDArray> views, String name) {
        NDArray view = views.get(name);
        if (view == null) {
            throw new IllegalArgumentException("no tensor '" + name + "' among " + views.keySet());
        }
        return view;
    }

    private static int[] lengths(NDArray array) {
        return LongStream.of(array.getShape().getShape()).mapToInt(Math::toIntExact).toArray();
    }

    /** The inverse of {@link #download(NDArray)}: a new array like {@link #trained()}. */
    NDArray upload(Weights weights) {
        return upload(trained.getManager(), weights, placesOfTrained);
    }

    private NDArray upload(NDManager manager, Weights weights, List<Place> places) {
        // Without norms there are no statistics; an array has a number all the same.
        float[] values = new float[places.isEmpty() ? 1 : places.get(places.size() - 1).end()];
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
