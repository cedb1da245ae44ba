package org.espalier.engine.device;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.data.MemoryFormat;
import org.espalier.model.Architecture;
import org.espalier.model.Network;
import org.espalier.model.Op;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;

/**
 * A network's parameters on a device: one array of all trained numbers, one of all running statistics, and a view into them for each tensor.
 * Gradient descent is so a few operations however many layers there are, and so is a copy to the device and back. What comes in and goes out has
 * the network's own widths; on the device it has those that it is padded to.
 */
public final class Parameters {
    private final Architecture own;
    private final Architecture padded;
    private final TensorPlaces placesOfTrained;
    private final TensorPlaces placesOfStatistics;
    private final NDArray trained;
    private final NDArray statistics;
    private final Map<String, NDArray> views;

    /** @param widths that the prunable groups are padded to */
    public Parameters(NDManager manager, Network network, List<Integer> widths, MemoryFormat layout) {
        own = network.architecture();
        padded = own.withWidths(widths);
        Map<String, int[]> shapesOfTrained = new LinkedHashMap<>(padded.shapes());
        Map<String, int[]> shapesOfStatistics = new LinkedHashMap<>(shapesOfTrained);
        shapesOfTrained.keySet().removeIf(name -> !Op.isTrained(name));
        shapesOfStatistics.keySet().removeAll(shapesOfTrained.keySet());
        placesOfTrained = new TensorPlaces(shapesOfTrained, layout);
        placesOfStatistics = new TensorPlaces(shapesOfStatistics, layout);
        Weights weights = ChannelPadding.pad(own, network.weights(), widths);
        trained = placesOfTrained.upload(manager, weights);
        statistics = placesOfStatistics.upload(manager, weights);
        views = new LinkedHashMap<>(placesOfTrained.views(trained));
        views.putAll(placesOfStatistics.views(statistics));
    }

    /** In the widths that are computed. */
    public Architecture architecture() {
        return padded;
    }

    /** All trained numbers, in one axis, which gradient descent changes: everything but the running statistics. */
    public NDArray trained() {
        return trained;
    }

    /** All tensors by their names, in the shapes that are computed and the same memory. */
    public Map<String, NDArray> views() {
        return views;
    }

    /** The tensors of an array like {@link #trained()}, by their names; with its manager, and recorded where gradients are. */
    public Map<String, NDArray> views(NDArray like) {
        return placesOfTrained.views(like);
    }

    /** Copies all weights to the host, as they are now. */
    public Weights download() {
        Map<String, Tensor> tensors = new HashMap<>(placesOfTrained.download(trained));
        tensors.putAll(placesOfStatistics.download(statistics));
        return inOrder(tensors);
    }

    /** Copies the tensors of an array like {@link #trained()}, such as gradients or an optimizer's buffer, to the host. */
    public Weights download(NDArray like) {
        return inOrder(placesOfTrained.download(like));
    }

    /** The inverse: a new array like {@link #trained()}, with its manager. */
    public NDArray upload(Weights like) {
        return placesOfTrained.upload(trained.getManager(), ChannelPadding.pad(own, like, padded.widths()));
    }

    /** Copies these tensors to the host, as they are now. @throws IllegalArgumentException when there is none of a name */
    public Weights download(Collection<String> names) {
        return unpadded(new DeviceTensors(views).download(names));
    }

    /** Copies these tensors of an array like {@link #trained()} to the host. */
    public Weights download(NDArray like, Collection<String> names) {
        try (NDManager scratch = like.getManager().newSubManager()) {
            return unpadded(tensors(like, scratch).download(names));
        }
    }

    /** Puts these tensors in the place of those of the same names. @throws IllegalArgumentException when a name or a shape is none of the network's */
    public void set(Weights changed) {
        new DeviceTensors(views).set(fitting(changed));
    }

    /** Adds to the tensors of an array like {@link #trained()}. */
    public void add(NDArray like, Weights added) {
        try (NDManager scratch = like.getManager().newSubManager()) {
            tensors(like, scratch).add(fitting(added));
        }
    }

    private DeviceTensors tensors(NDArray like, NDManager manager) {
        Map<String, NDArray> tensors = views(like);
        tensors.values().forEach(tensor -> tensor.attach(manager));
        return new DeviceTensors(tensors);
    }

    private Weights inOrder(Map<String, Tensor> tensors) {
        Map<String, Tensor> ordered = new LinkedHashMap<>();
        padded.shapes().keySet().stream().filter(tensors::containsKey).forEach(name -> ordered.put(name, tensors.get(name)));
        return unpadded(new Weights(ordered));
    }

    private Weights unpadded(Weights weights) {
        return ChannelPadding.cut(padded, weights, own.widths());
    }

    private Weights fitting(Weights given) {
        Map<String, int[]> shapes = own.shapes();
        given.tensors().forEach((name, tensor) -> {
            int[] shape = shapes.get(name);
            if (shape == null || !Arrays.equals(shape, tensor.shape())) {
                throw new IllegalArgumentException("'" + name + "' of the shape " + Arrays.toString(tensor.shape()) + " is no tensor of "
                        + own.text() + (shape == null ? ", which has " + shapes.keySet() : ": it has the shape " + Arrays.toString(shape)));
            }
        });
        return ChannelPadding.pad(own, given, padded.widths());
    }
}
