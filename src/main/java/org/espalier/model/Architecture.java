package org.espalier.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The shape of a network, with every prunable width in it. A pruned network is the same architecture with smaller widths: nothing is masked.
 */
public sealed interface Architecture permits CifarResNet, Vgg {

    /** What it computes, in order, up to the head. */
    List<Unit> units();

    Head head();

    /** The layers that may lose filters, in order. */
    List<Prunable> prunable();

    /** The same with other widths of the prunable layers, in the order of {@link #prunable()}; widths above the dense ones are allowed. */
    Architecture withWidths(List<Integer> widths);

    /** Channels of an input image. */
    int channels();

    int classes();

    /** Canonical, one line; {@link #parse} reads it back. */
    String text();

    /** @throws IllegalArgumentException when the text names no known architecture */
    static Architecture parse(String text) {
        if (text.startsWith("cifar-resnet-")) {
            return CifarResNet.parse(text);
        }
        if (text.startsWith("vgg-")) {
            return Vgg.parse(text);
        }
        throw new IllegalArgumentException("'" + text + "' names no architecture; expected cifar-resnet-... or vgg-...");
    }

    /** The layers with weights, in the order of the forward pass and of PyTorch's {@code state_dict}. */
    default List<Layer> layers() {
        List<Layer> layers = new ArrayList<>();
        units().forEach(unit -> {
            layers.add(unit.layer());
            layers.add(unit.norm());
        });
        layers.add(head().layer());
        return layers;
    }

    /** The prunable widths, in order. */
    default List<Integer> widths() {
        return prunable().stream().map(Prunable::width).toList();
    }

    /** Every tensor's name and shape. */
    default Map<String, int[]> shapes() {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        layers().forEach(layer -> shapes.putAll(layer.shapes()));
        return Collections.unmodifiableMap(shapes);
    }

    /** Trained numbers: convolutions, batch norm's scale and shift, linear layers. */
    default long parameters() {
        return layers().stream().mapToLong(Layer::parameters).sum();
    }

    /** Multiply-adds of convolutions and linear layers for one image: what the pruning literature calls FLOPs. */
    default long macs(int height, int width) {
        return layers().stream().mapToLong(layer -> layer.macs(height, width)).sum();
    }
}
