package org.espalier.engine.cpu;

import java.util.List;

/** One layer with weights of a {@link FusedPlan}: what it is called and how large it is. */
sealed interface Layer {

    /** The node's; its tensors are called after it. */
    String name();

    /** A square convolution without bias, zero-padded so that stride 1 keeps the size. */
    record Conv(String name, int in, int out, int kernel, int stride) implements Layer {
    }

    /** Batch norm, eps 1e-5 and momentum 0.1 in PyTorch's counting. */
    record Norm(String name, int width) implements Layer {
    }

    /** A fully connected layer with bias. */
    record Linear(String name, int in, int out) implements Layer {
        List<String> tensors() {
            return List.of(name + ".weight", name + ".bias");
        }
    }
}
