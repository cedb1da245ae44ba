package org.espalier.model;

import java.util.List;

/**
 * One operation of a network, what it is called, and where its inputs come from.
 *
 * @param name   unique; its tensors are called after it, as in PyTorch's {@code state_dict}: {@code layer1.0.conv1} owns
 *               {@code layer1.0.conv1.weight}
 * @param inputs names of the nodes whose outputs it takes, or {@link #INPUT}
 * @param stage  the part of the network that it belongs to, from 0; plans give each stage a ratio
 */
public record GraphNode(String name, Op op, List<String> inputs, int stage) {
    /** The images. */
    public static final String INPUT = "input";

    public GraphNode {
        inputs = List.copyOf(inputs);
    }

    public static GraphNode of(String name, Op op, int stage, String... inputs) {
        return new GraphNode(name, op, List.of(inputs), stage);
    }

    /** The same operation of other widths. */
    public GraphNode with(Op other) {
        return new GraphNode(name, other, inputs, stage);
    }

    @Override
    public String toString() {
        return name + " = " + op + inputs;
    }
}
