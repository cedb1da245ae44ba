package org.espalier.engine.device;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.util.MathArrays;
import org.espalier.model.Architecture;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.model.channels.ChannelRemoval;

/**
 * Adds channels that do nothing, because a device computes some widths faster than others. Their weights are zero, with zero scale and shift, so
 * that they put out zeros; under SGD with momentum and weight decay they stay zero, because every gradient that reaches them is zero.
 */
public final class ChannelPadding {
    private ChannelPadding() {
    }

    /**
     * Tensors by the weights' names, all of them or some, such as an optimizer's buffers, with more channels.
     *
     * @param widths for each prunable group, at least its width
     */
    public static Weights pad(Architecture architecture, Weights weights, List<Integer> widths) {
        if (widths.equals(architecture.widths())) {
            return weights;
        }
        Architecture larger = architecture.withWidths(widths);
        Map<String, int[]> shapes = larger.shapes();
        Map<String, Tensor> all = new LinkedHashMap<>(weights.tensors());
        ChannelRemoval.places(larger, ChannelGroup.named(larger.prunable(), first(architecture.widths()))).forEach((name, axes) -> axes.forEach(
                (axis, places) -> all.computeIfPresent(name, (same, tensor) -> tensor.scatter(axis, shapes.get(name)[axis], places,
                        name.endsWith(".running_var") ? 1 : 0))));
        return new Weights(all);
    }

    /** The inverse: the first channels of each prunable group, as many as {@code widths} says. */
    static Weights cut(Architecture padded, Weights weights, List<Integer> widths) {
        return ChannelRemoval.keep(padded, weights, ChannelGroup.named(padded.prunable(), first(widths)));
    }

    /** The indices of the first channels of each prunable group. */
    public static List<int[]> first(List<Integer> widths) {
        return widths.stream().map(MathArrays::natural).toList();
    }
}
