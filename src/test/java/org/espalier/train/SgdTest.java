package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.espalier.engine.device.Recording;
import org.espalier.train.schedules.CLR;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against PyTorch's own numbers; sgd-golden.py beside the numbers made them. */
class SgdTest {
    private static final Budget STEPS = new Budget(1, 200);

    @ParameterizedTest
    @ValueSource(strings = {"constant", "cycled", "nesterov"})
    void twoHundredStepsOfOneCycleEndWherePyTorchEnds(String which) throws Exception {
        List<String[]> golden = golden(which);
        assertEquals(20, golden.size());
        var cycle = which.equals("cycled") ? CLR.ofPaper() : CLR.ofPaper().withConstantMomentum();
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] entries = new float[32];
            float[] aims = new float[8];
            for (int i = 0; i < entries.length; i++) {
                entries[i] = (float) Math.sin(3 * (i / 4) + i % 4);
                aims[i / 4] = (float) Math.cos(i / 4);
            }
            NDArray inputs = manager.create(entries, new Shape(8, 4));
            NDArray targets = manager.create(aims, new Shape(8, 1));
            NDArray weights = manager.create(new float[] {.5f, -.25f, 1, 2}, new Shape(4, 1));
            weights.setRequiresGradient(true);
            Sgd sgd = new Sgd(weights, .05, which.equals("nesterov"));
            for (int step = 0; step < 200; step++) {
                try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                    collector.backward(inputs.matMul(weights).sub(targets).square().mean());
                }
                try (var guard = Recording.off()) {
                    sgd.step(weights.getGradient(), cycle.learningRate(step, STEPS), cycle.momentum(step, STEPS));
                    JniUtils.zeroGrad((PtNDArray) weights);
                }
                if ((step + 1) % 10 == 0) {
                    String[] row = golden.get(step / 10);
                    assertEquals(step + 1, Integer.parseInt(row[1]));
                    float[] expected = {Float.parseFloat(row[2]), Float.parseFloat(row[3]), Float.parseFloat(row[4]), Float.parseFloat(row[5])};
                    assertArrayEquals(expected, weights.toFloatArray(), 1e-5f, "after step " + row[1]);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRateOfZeroKeepsTheGradientForTheNextStep(boolean nesterov) {
        try (NDManager manager = NDManager.newBaseManager(); var guard = Recording.off()) {
            NDArray weights = manager.create(new float[] {1});
            Sgd sgd = new Sgd(weights, 0, nesterov);
            sgd.step(manager.create(new float[] {2}), 0, .9);
            assertArrayEquals(new float[] {1}, weights.toFloatArray());
            sgd.step(manager.create(new float[] {3}), .1, .9);
            double velocity = .9 * 2 + 3;
            assertEquals(1 - .1 * (nesterov ? 3 + .9 * velocity : velocity), weights.toFloatArray()[0], 1e-6);
        }
    }

    private static List<String[]> golden(String which) throws Exception {
        try (var in = SgdTest.class.getResourceAsStream("sgd-golden.csv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(line -> line.split(",")).filter(row -> row[0].equals(which)).toList();
        }
    }
}
