package org.espalier.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SyncBatchNormTest {
    /** Far from zero, where a variance by sums of squares would be all rounding. */
    private static final float[] VALUES = {1000.1f, 1000.4f, 999.7f, 1000.9f, 1000f, 999.2f, 1000.6f};

    @Test
    void theBatchIsTheSameHoweverItIsShared() {
        double mean = 0;
        for (float value : VALUES) {
            mean += value / (double) VALUES.length;
        }
        double squares = 0;
        for (float value : VALUES) {
            squares += (value - mean) * (value - mean);
        }
        double precision = 1 / Math.sqrt(squares / VALUES.length + 1e-5);
        for (List<Integer> ends : List.of(List.of(7), List.of(3, 7), List.of(1, 2, 7), List.of(1, 2, 3, 4, 5, 6, 7))) {
            try (NDManager manager = NDManager.newBaseManager()) {
                Map<String, NDArray> parameters = Map.of("n.weight", manager.create(new float[] {2}), "n.bias", manager.create(new float[] {.5f}),
                        "n.running_mean", manager.create(new float[] {10}), "n.running_var", manager.create(new float[] {4}));
                Map<String, NDArray> gradients = Map.of("n.weight", manager.zeros(new Shape(1)), "n.bias", manager.zeros(new Shape(1)));
                SyncBatchNorm norm = new SyncBatchNorm("layer", new Layer.Norm("n", 1), parameters, gradients);
                SyncBatchNorm.Affine affine = norm.batch(parts(ends));
                assertEquals(2 * precision, affine.scale()[0], 1e-5);
                assertEquals(.5 - 2 * precision * mean, affine.shift()[0], 1e-2);
                assertEquals((float) mean, norm.mean()[0], 1e-4);
                assertEquals(.9 * 10 + .1 * mean, parameters.get("n.running_mean").getFloat(0), 1e-4);
                assertEquals(.9 * 4 + .1 * squares / (VALUES.length - 1), parameters.get("n.running_var").getFloat(0), 1e-5);
                assertEquals(2 / Math.sqrt(parameters.get("n.running_var").getFloat(0) + 1e-5), norm.running().scale()[0], 1e-6);
                norm.batch(parts(ends));
                norm.backward(List.of(new ChannelSums(3, new float[1], new double[] {3}, new double[] {1}), new ChannelSums(4, new float[1], new double[] {4}, new double[] {5})));
                assertEquals(6 * precision, gradients.get("n.weight").getFloat(0), 1e-5);
                assertEquals(7, gradients.get("n.bias").getFloat(0));
            }
        }
    }

    private static List<ChannelSums> parts(List<Integer> ends) {
        List<ChannelSums> parts = new ArrayList<>();
        int from = 0;
        for (int end : ends) {
            float[] part = Arrays.copyOfRange(VALUES, from, end);
            parts.add(new BatchNormKernels(1).sums(FloatBuffer.wrap(part), part.length));
            from = end;
        }
        return parts;
    }
}
