package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.espalier.data.Dataset;
import org.espalier.data.MemoryFormat;
import org.espalier.engine.Execution;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.model.families.CifarResNet;
import org.espalier.prune.Pruning;
import org.espalier.prune.criteria.L1Norm;
import org.espalier.prune.plans.UniformPlan;
import org.espalier.train.hooks.TrainingContext;
import org.espalier.train.hooks.TrainingHook;
import org.espalier.train.schedules.FT;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingHookTest {
    private static final Dataset DATA = TrainingTest.stripes(50);
    private static final Network NETWORK = Pruning.prune(Steps.random(CifarResNet.of(8, 2), 1), new UniformPlan(.3), new L1Norm());
    private static final String CONV = "layer1.0.conv1.weight";
    private static final String GAMMA = "layer2.0.bn1.weight";

    /** Shards, whole batches with channels last and padded widths, whole batches as they come. */
    static List<Execution> executions() {
        return List.of(Execution.on(Device.cpu(), NETWORK.architecture()), new Execution.WholeBatch(MemoryFormat.CHANNELS_LAST, 8), new Execution.WholeBatch(MemoryFormat.CONTIGUOUS, 1));
    }

    private interface BeforeUpdate extends TrainingHook {
        @Override
        void beforeUpdate(TrainingContext context);
    }

    private interface AfterStep extends TrainingHook {
        @Override
        void afterStep(TrainingContext context);
    }

    private interface AfterEpoch extends TrainingHook {
        @Override
        void afterEpoch(TrainingContext context);
    }

    @ParameterizedTest
    @MethodSource("executions")
    void aHookThatDoesNothingChangesNoBit(Execution execution) {
        TrainingSetup setup = setup(execution, 2);
        assertEquals(run(setup).network(), run(setup.withHooks(new TrainingHook() { })).network());
    }

    @ParameterizedTest
    @MethodSource("executions")
    void theUpdateFollowsTheGradientsThatAHookSaw(Execution execution) {
        AtomicReference<Weights> gradients = new AtomicReference<>();
        AtomicReference<Network> before = new AtomicReference<>();
        AtomicReference<Network> after = new AtomicReference<>();
        TrainingHook spy = new TrainingHook() {
            @Override
            public void beforeUpdate(TrainingContext context) {
                if (context.step() == 0) {
                    gradients.set(context.gradients());
                    before.set(context.network());
                    for (String name : List.of(CONV, GAMMA, "linear.weight")) {
                        assertEquals(context.gradients().get(name), context.gradient(name), name);
                        assertEquals(NETWORK.weights().get(name), context.weight(name), name);
                    }
                }
            }

            @Override
            public void afterStep(TrainingContext context) {
                if (context.step() == 0) {
                    after.set(context.network());
                }
            }
        };
        run(setup(execution, 1).withHooks(spy));
        gradients.get().tensors().forEach((name, gradient) -> {
            float[] moved = before.get().weights().get(name).values();
            for (int i = 0; i < moved.length; i++) {
                moved[i] -= .05f * gradient.at(i);
            }
            assertArrayEquals(moved, after.get().weights().get(name).values(), 1e-6f, name);
        });
        assertEquals(NETWORK.weights().tensors().keySet().stream().filter(name -> !name.contains("running")).toList(),
                List.copyOf(gradients.get().tensors().keySet()));
    }

    @ParameterizedTest
    @MethodSource("executions")
    void whatAHookAddsToAGradientIsFollowed(Execution execution) {
        List<float[]> seen = new ArrayList<>();
        BeforeUpdate pull = context -> {
            if (context.step() == 0) {
                float[] sign = context.weight(GAMMA).values();
                for (int i = 0; i < sign.length; i++) {
                    sign[i] = .5f * Math.signum(sign[i]);
                }
                seen.add(context.gradient(GAMMA).values());
                seen.add(context.gradient(CONV).values());
                context.addToGradients(Map.of(GAMMA, Tensor.of(sign, sign.length), CONV, Tensor.filled(.25f, context.weight(CONV).shape())));
                seen.add(context.gradient(GAMMA).values());
                seen.add(context.gradient(CONV).values());
            }
        };
        run(setup(execution, 1).withHooks(pull));
        for (int i = 0; i < seen.get(0).length; i++) {
            assertEquals(seen.get(0)[i] + .5f * Math.signum(NETWORK.weights().get(GAMMA).at(i)), seen.get(2)[i], 1e-6f);
        }
        for (int i = 0; i < seen.get(1).length; i++) {
            assertEquals(seen.get(1)[i] + .25f, seen.get(3)[i], 1e-6f);
        }
    }

    @ParameterizedTest
    @MethodSource("executions")
    void whatAHookPutsInIsTheNetwork(Execution execution) {
        Network other = new Network(NETWORK.architecture(), Steps.random(NETWORK.architecture(), 5).weights(), NETWORK.names(), NETWORK.kept());
        AfterEpoch exchange = context -> {
            context.replace(other.weights().tensors());
            assertEquals(other, context.network());
        };
        Run run = run(setup(execution, 1).withHooks(exchange));
        assertEquals(other, run.network());
        assertEquals(other, run.bestNetwork(), "hooks come before the evaluation");
        Evaluation own = evaluation(other, execution);
        assertEquals(own.accuracy(), run.lastEpoch().testAccuracy());
        assertEquals(own.loss(), run.lastEpoch().testLoss(), 1e-6);
    }

    @ParameterizedTest
    @MethodSource("executions")
    void aMaskHoldsThroughTheTraining(Execution execution) {
        Tensor weights = NETWORK.weights().get(CONV);
        float[] ones = new float[weights.size()];
        for (int i = 0; i < ones.length; i++) {
            ones[i] = i % 3 == 0 ? 0 : 1;
        }
        Weights mask = new Weights(Map.of(CONV, Tensor.of(ones, weights.shape())));
        AfterStep masked = context -> context.multiply(mask);
        Run run = run(setup(execution, 2).withHooks(masked));
        Tensor trained = run.network().weights().get(CONV);
        for (int i = 0; i < ones.length; i++) {
            assertEquals(ones[i] == 0, trained.at(i) == 0, "weight " + i);
        }
        assertTrue(run.network().weights().get("layer1.0.conv2.weight").at(0) != 0);
    }

    /** Remembers the mean gradient of a tensor, and pulls along it: its weights depend on what it remembers. */
    private static final class Remembering implements TrainingHook {
        private float[] sum = new float[NETWORK.weights().get(GAMMA).size()];

        @Override
        public void beforeUpdate(TrainingContext context) {
            float[] gradient = context.gradient(GAMMA).values();
            for (int i = 0; i < sum.length; i++) {
                sum[i] = .5f * sum[i] + gradient[i];
            }
            context.addToGradients(Map.of(GAMMA, Tensor.of(sum, sum.length)));
        }

        @Override
        public Map<String, Tensor> state() {
            return Map.of("sum", Tensor.of(sum, sum.length));
        }

        @Override
        public void restore(Map<String, Tensor> saved) {
            sum = saved.get("sum").values();
        }
    }

    @Test
    void aTrainingGoesOnWithWhatItsHooksRemember() {
        TrainingSetup setup = setup(executions().get(0), 3);
        TrainingHook idle = new TrainingHook() { };
        TrainingState state;
        try (Training first = Training.start(setup.withHooks(idle, new Remembering()))) {
            first.nextEpoch();
            state = first.state();
        }
        assertEquals(List.of("1.sum"), List.copyOf(state.hooks().tensors().keySet()));
        Run whole = run(setup.withHooks(idle, new Remembering()));
        assertEquals(whole.network(), finished(Training.resume(state, setup.withHooks(idle, new Remembering()))).network());
        assertMessage("hook, '1.sum', but this training has 0 hooks", IllegalArgumentException.class, () -> Training.resume(state, setup));
    }

    @Test
    void aHookThatFailsIsNamedWithItsPlace() {
        AfterStep failing = context -> {
            if (context.step() == 5) {
                throw new UnsupportedOperationException("no more");
            }
        };
        String message = failure(failing);
        assertTrue(message.contains(failing.label()) && message.contains("failed in epoch 2, step 2: no more"), message);
    }

    @Test
    void whatDoesntFitTheNetworkIsNamed() {
        BeforeUpdate unknown = context -> context.addToGradients(Map.of("layer9.weight", Tensor.filled(0, 1)));
        assertTrue(failure(unknown).contains("'layer9.weight' of the shape [1] is no tensor of cifar-resnet-8"));
        AfterStep misshapen = context -> context.replace(Map.of(GAMMA, Tensor.filled(0, 2)));
        assertTrue(failure(misshapen).contains("'" + GAMMA + "' of the shape [2] is no tensor"));
        AfterStep mask = context -> context.multiply(new Weights(Map.of(GAMMA, Tensor.filled(0, 2))));
        assertTrue(failure(mask).contains("'" + GAMMA + "' of the shape [2] is no trained tensor"));
        AfterStep late = context -> context.gradient(GAMMA);
        assertTrue(failure(late).contains("use beforeUpdate"));
        AfterStep missing = context -> context.weight("gamma");
        assertTrue(failure(missing).contains("no tensor 'gamma'"));
    }

    @Test
    void nothingThatAHookTouchesOutlivesItsStep() {
        Weights half = new Weights(Map.of(GAMMA, Tensor.filled(.5f, NETWORK.weights().get(GAMMA).shape())));
        TrainingHook busy = new TrainingHook() {
            @Override
            public void beforeUpdate(TrainingContext context) {
                context.gradient(CONV);
                context.addToGradients(Map.of(GAMMA, context.gradients().get(GAMMA)));
            }

            @Override
            public void afterStep(TrainingContext context) {
                context.replace(new HashMap<>(Map.of(CONV, context.weight(CONV))));
                context.multiply(half);
            }
        };
        for (Execution execution : executions()) {
            try (Training training = Training.start(setup(execution, 3).withHooks(busy))) {
                training.nextEpoch();
                int arrays = training.live.manager().getManagedArrays().size();
                training.nextEpoch();
                training.nextEpoch();
                assertEquals(arrays, training.live.manager().getManagedArrays().size());
            }
        }
    }

    @Test
    void aScheduleWithoutAUsableRateIsNamed() {
        Schedule never = Schedule.of("never", (step, budget) -> Double.NaN);
        assertMessage("never has the rate NaN at step 0 of", IllegalArgumentException.class,
                () -> Training.start(setup(executions().get(0), 1, never)));
        Schedule later = (step, budget) -> step < 2 ? .1 : -1;
        try (Training training = Training.start(setup(executions().get(0), 1, later))) {
            assertMessage("has the rate -1.0 at step 2 of", IllegalArgumentException.class, training::nextEpoch);
        }
        assertMessage("depends on what pruning took", IllegalStateException.class,
                () -> Training.start(setup(executions().get(0), 1, Schedule.parse("allr"))));
    }

    private static TrainingSetup setup(Execution execution, int epochs) {
        return setup(execution, epochs, new FT(.05));
    }

    private static TrainingSetup setup(Execution execution, int epochs, Schedule schedule) {
        return TrainingSetup.of(NETWORK, schedule, epochs, DATA, Recipe.ofPaper().withBatch(25).withWeightDecay(0)).on(Device.cpu(), execution);
    }

    private static Evaluation evaluation(Network network, Execution execution) {
        AtomicReference<Evaluation> before = new AtomicReference<>();
        try (Training training = Training.start(new TrainingSetup(network, new FT(.05), 1, DATA, Recipe.ofPaper().withBatch(25), Device.cpu(), execution,
                List.of()))) {
            before.set(training.state().before());
        }
        return before.get();
    }

    private static Run run(TrainingSetup setup) {
        return finished(Training.start(setup));
    }

    private static Run finished(Training started) {
        try (Training training = started) {
            while (!training.isDone()) {
                training.nextEpoch();
            }
            return training.run();
        }
    }

    private static String failure(TrainingHook hook) {
        IllegalStateException error = assertThrows(IllegalStateException.class, () -> run(setup(executions().get(0), 2).withHooks(hook)));
        assertInstanceOf(RuntimeException.class, error.getCause());
        return error.getMessage();
    }

    private static void assertMessage(String part, Class<? extends Throwable> type, org.junit.jupiter.api.function.Executable action) {
        String message = assertThrows(type, action).getMessage();
        assertTrue(message.contains(part), message);
    }
}
