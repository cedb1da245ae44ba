package org.espalier.model;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.model.channels.ChannelFlow;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.model.channels.DerivedArchitecture;
import org.espalier.model.channels.ResidualBlock;
import org.espalier.model.families.Architectures;
import org.espalier.text.ClassText;

/**
 * The shape of a network, as the list of its operations: names of tensors, sizes, costs, initial weights, channel groups, pruned variants and the
 * computation itself derive from {@link #nodes()}. A pruned network is an architecture with smaller widths: nothing is masked.
 *
 * <p>Open: a record that lists its nodes and says its text is a network like any other.
 */
public interface Architecture {

    /** The operations, in the order in which they are computed and in which PyTorch's {@code state_dict} lists their tensors. */
    List<GraphNode> nodes();

    /** Channels of an input image. */
    int channels();

    /** The side of the images that it is usually given, in pixels. */
    default int imageSize() {
        return 32;
    }

    /** An image of this size. */
    default FeatureMap image() {
        return new FeatureMap(channels(), imageSize(), imageSize());
    }

    /** Canonical, one line; {@link #parse} reads it back. @throws IllegalStateException when this has none, as an anonymous class */
    default String text() {
        return ClassText.require(this, "network");
    }

    /** How weights that know nothing yet are drawn. */
    default Initialisation initialisation() {
        return Initialisation.PYTORCH;
    }

    /** The groups that plans prune, in order; by default those that a single convolution puts out, so that residual sums stay whole. */
    default List<ChannelGroup> prunable() {
        return groups().stream().filter(group -> group.producers().size() == 1 && graph().node(group.name()).op() instanceof Op.Conv2d).toList();
    }

    /** The same with other widths of the {@link #prunable()} groups, in their order; widths above today's are allowed. */
    default Architecture withWidths(List<Integer> widths) {
        return resized(ChannelGroup.named(prunable(), widths));
    }

    /** The same with other widths of any {@link #groups()}, by their names; groups that aren't named keep theirs. */
    default Architecture resized(Map<String, Integer> widths) {
        return DerivedArchitecture.of(this).resized(widths);
    }

    /** The same without these {@linkplain #blocks() residual blocks}, whose shortcuts stay. */
    default Architecture without(Set<String> blocks) {
        return DerivedArchitecture.of(this).without(blocks);
    }

    /** The network before anything was removed. */
    default Architecture dense() {
        return this;
    }

    /** @throws IllegalArgumentException when the text names no known architecture */
    static Architecture parse(String text) {
        return Architectures.parse(text);
    }

    /** The nodes, checked. */
    default Graph graph() {
        return new Graph(nodes());
    }

    /** All channels that can be removed, in groups that lose them together. */
    default List<ChannelGroup> groups() {
        return ChannelFlow.of(graph()).groups();
    }

    /** The group of this name, such as {@code layer1.0.conv1}. */
    default ChannelGroup group(String name) {
        return groups().stream().filter(group -> group.name().equals(name)).findFirst().orElseThrow(() -> new IllegalArgumentException(
                "no channel group of " + text() + " is called '" + name + "'; there are " + groups().stream().map(ChannelGroup::name).toList()));
    }

    /** The residual blocks that can be removed as a whole. */
    default List<ResidualBlock> blocks() {
        return ResidualBlock.of(graph());
    }

    /** The prunable widths, in order. */
    default List<Integer> widths() {
        return prunable().stream().map(ChannelGroup::width).toList();
    }

    /** The logits' number. */
    default int classes() {
        return graph().output().op() instanceof Op.Linear linear ? linear.out() : graph().shapes(image()).get(graph().output().name()).channels();
    }

    /** Every tensor's name and shape, in the order of PyTorch's {@code state_dict}. */
    default Map<String, int[]> shapes() {
        return graph().tensors();
    }

    /** Trained numbers: convolutions, batch norm's scale and shift, linear layers. */
    default long parameters() {
        return graph().parameters();
    }

    /** Multiply-adds of convolutions and linear layers for one image: what the pruning literature calls FLOPs. */
    default long macs(int height, int width) {
        return graph().macs(new FeatureMap(channels(), height, width));
    }

    /** The same for {@link #image()}. */
    default long macs() {
        return graph().macs(image());
    }
}
