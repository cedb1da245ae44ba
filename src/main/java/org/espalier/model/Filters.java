package org.espalier.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.util.MathArrays;

/**
 * Takes filters out of a network, or adds filters that do nothing. A filter is a row of its convolution, an entry in each of its batch norm's
 * four vectors, and an input channel of the next layer.
 */
public final class Filters {
    private Filters() {
    }

    /**
     * The network with only these filters left in each prunable layer.
     *
     * @param kept for each of {@link Architecture#prunable()}, the indices of the filters that stay, ascending
     */
    public static Network keep(Network network, List<int[]> kept) {
        Architecture smaller = network.architecture().withWidths(kept.stream().map(indices -> indices.length).toList());
        return new Network(smaller, keep(network.architecture(), network.weights(), kept));
    }

    /** The same for tensors that go by the weights' names but needn't be complete, such as an optimizer's buffers. */
    public static Weights keep(Architecture architecture, Weights weights, List<int[]> kept) {
        Map<String, Tensor> all = new LinkedHashMap<>(weights.tensors());
        List<Prunable> prunable = architecture.prunable();
        for (int i = 0; i < prunable.size(); i++) {
            int[] indices = kept.get(i);
            forEachTensor(prunable.get(i), (name, axis, filler) -> all.computeIfPresent(name, (n, tensor) -> tensor.select(axis, indices)));
        }
        return new Weights(all);
    }

    /**
     * The same function of the input, computed with more filters: those added are zero, with zero scale and shift, so that they put out
     * zeros. Under SGD with momentum and weight decay they stay zero, because every gradient that reaches them is zero.
     *
     * @param widths for each prunable layer, at least its width
     */
    public static Network pad(Network network, List<Integer> widths) {
        return new Network(network.architecture().withWidths(widths), pad(network.architecture(), network.weights(), widths));
    }

    public static Weights pad(Architecture architecture, Weights weights, List<Integer> widths) {
        Map<String, Tensor> all = new LinkedHashMap<>(weights.tensors());
        List<Prunable> prunable = architecture.prunable();
        for (int i = 0; i < prunable.size(); i++) {
            int width = widths.get(i);
            int[] places = MathArrays.natural(prunable.get(i).width());
            forEachTensor(prunable.get(i), (name, axis, filler) ->
                    all.computeIfPresent(name, (n, tensor) -> tensor.scatter(axis, width, places, filler)));
        }
        return new Weights(all);
    }

    /** The first filters of each layer, as many as {@code widths} says: what {@link #pad} added is cut off. */
    public static List<int[]> first(List<Integer> widths) {
        List<int[]> first = new ArrayList<>();
        widths.forEach(width -> first.add(MathArrays.natural(width)));
        return first;
    }

    /** The network with the filters that aren't kept set to zero, scale and shift included: a mask in the place of a removal. */
    public static Network mask(Network network, List<int[]> kept) {
        Map<String, Tensor> all = new LinkedHashMap<>(network.weights().tensors());
        List<Prunable> prunable = network.architecture().prunable();
        for (int i = 0; i < prunable.size(); i++) {
            Prunable layer = prunable.get(i);
            int[] indices = kept.get(i);
            for (String name : Arrays.asList(layer.conv() + ".weight", layer.norm() + ".weight", layer.norm() + ".bias")) {
                all.computeIfPresent(name, (n, tensor) -> tensor.select(0, indices).scatter(0, layer.width(), indices, 0));
            }
        }
        return new Network(network.architecture(), new Weights(all));
    }

    private interface TensorOfFilter {
        /** @param filler what the tensor holds for a filter that does nothing */
        void accept(String name, int axis, float filler);
    }

    private static void forEachTensor(Prunable layer, TensorOfFilter action) {
        action.accept(layer.conv() + ".weight", 0, 0);
        action.accept(layer.norm() + ".weight", 0, 0);
        action.accept(layer.norm() + ".bias", 0, 0);
        action.accept(layer.norm() + ".running_mean", 0, 0);
        action.accept(layer.norm() + ".running_var", 0, 1);
        action.accept(layer.next() + ".weight", 1, 0);
    }
}
