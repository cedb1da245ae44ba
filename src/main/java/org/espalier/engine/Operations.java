package org.espalier.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import java.util.List;
import java.util.Map;
import org.espalier.engine.device.Libtorch;
import org.espalier.model.Op;

/** Computes each {@link Op} on a device by libtorch, which records its gradient where that is switched on. */
public final class Operations {
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
    public static NDArray compute(Op op, String name, List<NDArray> inputs, Map<String, ? extends NDArray> parameters, boolean training) {
        NDArray x = inputs.get(0);
        if (op instanceof Op.Conv2d conv) {
            return Conv2d.conv2d(x, parameters.get(name + ".weight"), parameters.get(name + ".bias"), square(conv.stride()), square(conv.padding()),
                    ONE, conv.groups()).singletonOrThrow();
        }
        if (op instanceof Op.BatchNorm) {
            return Libtorch.batchNorm(x, parameters.get(name + ".running_mean"), parameters.get(name + ".running_var"), parameters.get(name + ".weight"),
                    parameters.get(name + ".bias"), training, Op.BatchNorm.MOMENTUM, Op.BatchNorm.EPSILON);
        }
        if (op instanceof Op.Linear) {
            return Linear.linear(x, parameters.get(name + ".weight"), parameters.get(name + ".bias")).singletonOrThrow();
        }
        if (op instanceof Op.Add) {
            return sum(inputs);
        }
        if (op instanceof Op.Concat) {
            return NDArrays.concat(new NDList(inputs.toArray(NDArray[]::new)), 1);
        }
        return of(op, x);
    }

    private static NDArray of(Op op, NDArray x) {
        if (op instanceof Op.Relu) {
            return Activation.relu(x);
        }
        if (op instanceof Op.Relu6) {
            return x.clip(0f, 6f);
        }
        if (op instanceof Op.MaxPool pool) {
            return Pool.maxPool2d(x, square(pool.kernel()), square(pool.stride()), square(pool.padding()), false);
        }
        if (op instanceof Op.AvgPool pool) {
            // Pooling and padding keep the memory layout, which strided slicing and concatenation would lose.
            return Pool.avgPool2d(x, square(pool.kernel()), square(pool.stride()), NONE, false, true);
        }
        if (op instanceof Op.PadChannels pad) {
            return x.pad(new Shape(0, 0, 0, 0, pad.before(), pad.behind()), 0);
        }
        if (op instanceof Op.GlobalAvgPool) {
            return Pool.globalAvgPool2d(x);
        }
        if (op instanceof Op.Flatten) {
            return x.reshape(x.getShape().get(0), -1);
        }
        throw new IllegalStateException("no engine computes " + op);
    }

    private static NDArray sum(List<NDArray> inputs) {
        NDArray sum = inputs.get(0).add(inputs.get(1));
        for (NDArray more : inputs.subList(2, inputs.size())) {
            try (NDArray before = sum) {
                sum = before.add(more);
            }
        }
        return sum;
    }

    private static Shape square(int side) {
        return new Shape(side, side);
    }
}
