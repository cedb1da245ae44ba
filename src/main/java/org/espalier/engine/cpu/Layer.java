package org.espalier.engine.cpu;

/** One layer with weights of a {@link FusedPlan}: what it is called and how large it is. */
sealed interface Layer {

    /** The node's; its tensors are called after it. */
    String name();

    /**
     * A square convolution, zero-padded so that stride 1 keeps the size; a linear layer is one of 1 x 1 pixels. Its bias, if it has one, is the
     * {@linkplain SyncBatchNorm norm's} behind it.
     */
    record Conv(String name, int in, int out, int kernel, int stride, int groups) implements Layer {
        Conv(String name, int in, int out, int kernel, int stride) {
            this(name, in, out, kernel, stride, 1);
        }

        /** Numbers in its weights. */
        int weights() {
            return out * (in / groups) * kernel * kernel;
        }
    }

    /** Batch norm, eps 1e-5 and momentum 0.1 in PyTorch's counting. */
    record Norm(String name, int width) implements Layer {
    }
}
