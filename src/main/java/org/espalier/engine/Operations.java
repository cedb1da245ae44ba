package org.espalier.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.Map;
import org.espalier.model.Op;

/**
 * Computes each {@link Op} on a device; libtorch records its gradient where that is switched on. It calls DJL's layer below the public one, whose
 * functions of the same names return lists, copy arguments, or ({@code BatchNorm.batchNorm}) train whenever gradients are recorded.
 */
public final class Operations {
    /** Of batch norm. */
    public static final double EPSILON = 1e-5;
    /** Of the running statistics, in PyTorch's counting: the part of a batch in them. */
    public static final double MOMENTUM = .1;
    private static final Shape ONE = new Shape(1, 1);
    private static final Shape NONE = new Shape(0, 0);

    private Operations() {
    }

    /**
     * Computes one operation.
     *
     * @param name       of the node; its tensors are found under it
     * @param inputs     [N, C, H, W] or, behind a global pool, [N, C]
     * @param parameters all tensors by their names
     * @param training   whether batch norm computes by the batch's statistics, which then move the running ones
     * @return a new array, of the inputs' manager
     */
    public static PtNDArray compute(Op op, String name, List<PtNDArray> inputs, Map<String, PtNDArray> parameters, boolean training) {
        PtNDArray x = inputs.get(0);
        if (op instanceof Op.Conv2d conv) {
            return JniUtils.convolution(x, parameters.get(name + ".weight"), parameters.get(name + ".bias"), square(conv.stride()), square(conv.padding()),
                    ONE, conv.groups());
        }
        if (op instanceof Op.BatchNorm) {
            return JniUtils.batchNorm(x, parameters.get(name + ".running_mean"), parameters.get(name + ".running_var"), parameters.get(name + ".weight"),
                    parameters.get(name + ".bias"), training, MOMENTUM, EPSILON);
        }
        if (op instanceof Op.Linear) {
            return JniUtils.linear(x, parameters.get(name + ".weight"), parameters.get(name + ".bias"));
        }
        if (op instanceof Op.Add) {
            return sum(inputs);
        }
        if (op instanceof Op.Concat) {
            return (PtNDArray) NDArrays.concat(new NDList(inputs.toArray(NDArray[]::new)), 1);
        }
        return of(op, x);
    }

    private static PtNDArray of(Op op, PtNDArray x) {
        if (op instanceof Op.Relu) {
            return JniUtils.relu(x);
        }
        if (op instanceof Op.Relu6) {
            return (PtNDArray) x.clip(0f, 6f);
        }
        if (op instanceof Op.MaxPool pool) {
            return JniUtils.maxPool(x, square(pool.kernel()), square(pool.stride()), square(pool.padding()), false);
        }
        if (op instanceof Op.AvgPool pool) {
            // Pooling and padding keep the memory layout, which strided slicing and concatenation would lose.
            return JniUtils.avgPool(x, square(pool.kernel()), square(pool.stride()), NONE, false, true);
        }
        if (op instanceof Op.PadChannels pad) {
            return JniUtils.pad(x, new long[] {0, 0, 0, 0, pad.before(), pad.behind()}, 0);
        }
        if (op instanceof Op.GlobalAvgPool) {
            try (PtNDArray mean = JniUtils.adaptiveAvgPool(x, ONE)) {
                return (PtNDArray) mean.reshape(mean.getShape().get(0), mean.getShape().get(1));
            }
        }
        if (op instanceof Op.Flatten) {
            return (PtNDArray) x.reshape(x.getShape().get(0), -1);
        }
        throw new IllegalStateException("no engine computes " + op);
    }

    private static PtNDArray sum(List<PtNDArray> inputs) {
        PtNDArray sum = JniUtils.add(inputs.get(0), inputs.get(1));
        for (PtNDArray more : inputs.subList(2, inputs.size())) {
            try (PtNDArray before = sum) {
                sum = JniUtils.add(before, more);
            }
        }
        return sum;
    }

    private static Shape square(int side) {
        return new Shape(side, side);
    }
}
