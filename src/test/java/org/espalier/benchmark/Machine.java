package org.espalier.benchmark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.espalier.engine.device.Devices;

/**
 * What the machine can do at its best, by the same library and with the same threads. Measured before, between and after the rest. A number is
 * read each time, because a GPU is waited for only then.
 */
final class Machine {
    private static final int SIDE = 2048;
    private static final int NUMBERS = 1 << 25;
    private static final int TIMES = 3;

    private final List<Double> products = new ArrayList<>();
    private final List<Double> sums = new ArrayList<>();

    void measure() {
        try (NDManager manager = NDManager.newBaseManager(Devices.current())) {
            NDArray a = manager.randomUniform(-1, 1, new Shape(SIDE, SIDE), DataType.FLOAT32);
            NDArray b = manager.randomUniform(-1, 1, new Shape(SIDE, SIDE), DataType.FLOAT32);
            NDArray x = manager.ones(new Shape(NUMBERS));
            NDArray y = manager.ones(new Shape(NUMBERS));
            for (int i = -1; i < TIMES; i++) {
                long began = System.nanoTime();
                try (NDArray product = a.matMul(b)) {
                    product.getFloat(0, 0);
                }
                double product = (System.nanoTime() - began) / 1e9;
                began = System.nanoTime();
                x.addi(y);
                x.getFloat(0);
                double sum = (System.nanoTime() - began) / 1e9;
                if (i >= 0) {
                    products.add(2. * SIDE * SIDE * SIDE / product / 1e9);
                    sums.add(3. * Float.BYTES * NUMBERS / sum / 1e9);
                }
            }
        }
    }

    /** GFLOP/s of a product of two matrices of 2048 x 2048. */
    Measured product() {
        return new Measured(products.stream().mapToDouble(x -> x).toArray());
    }

    /** GB/s of x = x + y over 2 x 128 MiB: two numbers read, one written. */
    Measured bandwidth() {
        return new Measured(sums.stream().mapToDouble(x -> x).toArray());
    }
}
