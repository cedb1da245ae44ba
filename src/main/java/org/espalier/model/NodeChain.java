package org.espalier.model;

import java.util.ArrayList;
import java.util.List;

/** Lists nodes in the order of the computation, each taking what the one before puts out, unless {@link #from} goes back to another. */
public final class NodeChain {
    private final List<GraphNode> nodes = new ArrayList<>();
    private String last = GraphNode.INPUT;
    private int stage;

    /** The nodes that follow belong to this stage, counted from 0. */
    public NodeChain stage(int number) {
        stage = number;
        return this;
    }

    /** The next node takes what this one puts out. */
    public NodeChain from(String name) {
        last = name;
        return this;
    }

    /** Adds a node that takes what was put out last. */
    public NodeChain then(String name, Op op) {
        return join(name, op, last);
    }

    /** A convolution {@code conv}, its batch norm {@code norm}, and a ReLU called {@code conv.relu}. */
    public NodeChain convNormRelu(String conv, String norm, Op.Conv2d op) {
        return then(conv, op).then(norm, new Op.BatchNorm(op.out())).then(conv + ".relu", new Op.Relu());
    }

    /** A batch norm, and a ReLU called {@code norm.relu}. */
    public NodeChain normRelu(String norm, int width) {
        return then(norm, new Op.BatchNorm(width)).then(norm + ".relu", new Op.Relu());
    }

    /** Adds a node that takes what these put out. */
    public NodeChain join(String name, Op op, String... inputs) {
        nodes.add(GraphNode.of(name, op, stage, inputs));
        last = name;
        return this;
    }

    /** The name of the node that was added last, or {@link GraphNode#INPUT}. */
    public String last() {
        return last;
    }

    public List<GraphNode> nodes() {
        return List.copyOf(nodes);
    }
}
