package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;
import org.espalier.data.Augmentation;
import org.espalier.data.DeviceImages;
import org.espalier.data.MemoryFormat;
import org.espalier.engine.Execution;
import org.espalier.engine.device.ChannelPadding;
import org.espalier.model.Architecture;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.SameFunction;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.model.channels.ChannelRemoval;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Shortcut;
import org.espalier.model.families.Vgg;
import org.espalier.prune.Pruning;
import org.espalier.prune.criteria.L1Norm;
import org.espalier.prune.plans.UniformPlan;
import org.espalier.random.Randomness;
import org.espalier.train.hooks.TrainingContext;
import org.espalier.train.hooks.TrainingHook;
import org.espalier.train.schedules.CLR;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a GPU computes is what the CPU does. Tolerances allow for its multiplications, of numbers with 10 bits unless NVIDIA_TF32_OVERRIDE is 0. */
class GpuTest {
    private static final Device GPU = Device.gpu();
    private static final Execution PLAIN = new Execution.WholeBatch(MemoryFormat.CONTIGUOUS, 1);
    private static final List<Execution> EXECUTIONS = List.of(PLAIN, new Execution.WholeBatch(MemoryFormat.CHANNELS_LAST, 1), new Execution.WholeBatch(MemoryFormat.CHANNELS_LAST, 8));
    private static final Network PRUNED = Pruning.prune(Initial.network(CifarResNet.of(8, 2), 1), new UniformPlan(.3), new L1Norm());

    @BeforeEach
    void aGpu() {
        Assumptions.assumeTrue(Engine.getInstance().hasCapability(StandardCapabilities.CUDA), "no GPU is seen here: nothing is tested on one");
    }

    @Test
    void logitsAndWeightsAfterFiveStepsAreTheCpusInEveryLayoutAndPadding() {
        for (Architecture architecture : List.of(CifarResNet.of(20, 10).withWidths(List.of(3, 16, 11, 6, 31, 32, 40, 64, 57)), Vgg.of(10))) {
            Network network = Steps.random(architecture, 3);
            float[] logits = Steps.logits(network, PLAIN, 4, 3);
            float[] later = Steps.logits(Steps.trained(network, PLAIN, 5, 3), PLAIN, 4, 3);
            for (Execution execution : EXECUTIONS) {
                assertClose(logits, Steps.logits(GPU, network, execution, 4, 3));
                assertClose(later, Steps.logits(Steps.trained(GPU, network, execution, 5, 3), PLAIN, 4, 3));
            }
        }
    }

    @Test
    void augmentedBatchesAreTheCpusBitForBit() {
        var data = TrainingTest.stripes(20);
        int[] rows = {3, 0, 19, 7, 7};
        try (NDManager cpu = NDManager.newBaseManager(Device.cpu()); NDManager gpu = NDManager.newBaseManager(GPU);
                DeviceImages here = (DeviceImages) data.train().on(cpu, data.normalisation(), MemoryFormat.CHANNELS_LAST);
                DeviceImages there = (DeviceImages) data.train().on(gpu, data.normalisation(), MemoryFormat.CHANNELS_LAST)) {
            assertArrayEquals(here.images(cpu, rows, Augmentation.CROP_AND_FLIP, Randomness.of(1, "augment", 0)).toFloatArray(),
                    there.images(gpu, rows, Augmentation.CROP_AND_FLIP, Randomness.of(1, "augment", 0)).toFloatArray());
        }
    }

    @Test
    void filtersAddedForSpeedStayExactlyZeroOverHundredsOfSteps() {
        CifarResNet small = CifarResNet.dense(8, List.of(8, 8, 8), 3, 10, Shortcut.SUBSAMPLE).withWidths(List.of(3, 5, 6));
        Network padded = SameFunction.padded(Steps.random(small, 9), List.of(8, 8, 8));
        for (Execution execution : EXECUTIONS) {
            Network later = Steps.trained(GPU, padded, execution, 300, 9);
            Network cut = ChannelRemoval.keep(later, ChannelPadding.first(small.widths()));
            Network again = SameFunction.padded(cut, List.of(8, 8, 8));
            later.architecture().shapes().keySet().stream().filter(name -> !name.endsWith("running_var"))
                    .forEach(name -> assertEquals(again.weights().get(name), later.weights().get(name), name));
        }
    }

    @Test
    void itLearnsWhatTheCpuLearnsAndGoesOnFromWhereItWas() {
        Recipe recipe = Recipe.ofPaper().withBatch(32);
        Run cpu = run(Device.cpu(), recipe);
        Run gpu = run(GPU, recipe);
        assertEquals(cpu.start().loss(), gpu.start().loss(), 1e-3);
        assertEquals(cpu.lastEpoch().trainLoss(), gpu.lastEpoch().trainLoss(), .05);
        TrainingState state;
        try (Training first = start(GPU, recipe)) {
            first.nextEpoch();
            state = first.state();
        }
        try (Training second = Training.resume(state, setup(GPU, recipe))) {
            second.nextEpoch();
            assertEquals(gpu.lastEpoch().trainLoss(), second.run().lastEpoch().trainLoss(), .02);
        }
    }

    @Test
    void nothingThatAStepMakesOutlivesIt() {
        try (Training training = start(GPU, Recipe.ofPaper().withBatch(16))) {
            training.nextEpoch();
            int arrays = training.live.manager().getManagedArrays().size();
            training.nextEpoch();
            assertEquals(arrays, training.live.manager().getManagedArrays().size());
            assertTrue(training.isDone());
        }
    }

    @Test
    void aHookSeesAndChangesWhatIsOnTheGpu() {
        String conv = "layer1.0.conv1.weight";
        Weights half = new Weights(Map.of(conv, Tensor.filled(.5f, PRUNED.weights().get(conv).shape())));
        TrainingHook hook = new TrainingHook() {
            @Override
            public void beforeUpdate(TrainingContext context) {
                assertEquals(context.gradients().get(conv), context.gradient(conv));
                context.addToGradients(Map.of(conv, Tensor.filled(1, context.weight(conv).shape())));
            }

            @Override
            public void afterEpoch(TrainingContext context) {
                context.replace(PRUNED.weights().tensors());
                assertEquals(PRUNED, context.network());
                context.multiply(half);
                assertEquals(PRUNED.weights().get(conv).at(3) / 2, context.weight(conv).at(3));
                context.replace(PRUNED.weights().tensors());
            }
        };
        for (Execution execution : EXECUTIONS) {
            TrainingSetup setup = setup(GPU, Recipe.ofPaper().withBatch(32)).on(GPU, execution).withHooks(hook);
            try (Training training = Training.start(setup)) {
                training.nextEpoch();
                assertEquals(PRUNED, training.run().network());
            }
        }
    }

    private static Run run(Device device, Recipe recipe) {
        try (Training training = start(device, recipe)) {
            while (!training.isDone()) {
                training.nextEpoch();
            }
            return training.run();
        }
    }

    private static Training start(Device device, Recipe recipe) {
        return Training.start(setup(device, recipe));
    }

    private static TrainingSetup setup(Device device, Recipe recipe) {
        return TrainingSetup.of(PRUNED, CLR.ofPaper(), 2, TrainingTest.stripes(150), recipe).on(device, PLAIN);
    }

    private static void assertClose(float[] expected, float[] actual) {
        double scale = 1;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            scale = Math.max(scale, Math.abs(expected[i]));
            worst = Math.max(worst, Math.abs(expected[i] - actual[i]));
        }
        assertTrue(worst <= 2e-2 * scale, worst + " apart, where numbers are up to " + scale);
    }
}
