package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.data.Augmentation;
import org.espalier.data.Dataset;
import org.espalier.data.Images;
import org.espalier.data.Normalisation;
import org.espalier.engine.Execution;
import org.espalier.model.Architecture;
import org.espalier.model.GraphNode;
import org.espalier.model.Initial;
import org.espalier.model.Names;
import org.espalier.model.Network;
import org.espalier.model.NodeChain;
import org.espalier.model.Op;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Vgg;
import org.espalier.prune.Pruning;
import org.espalier.prune.criteria.L1Norm;
import org.espalier.prune.plans.UniformPlan;
import org.espalier.random.Randomness;
import org.espalier.train.schedules.CLR;
import org.espalier.train.schedules.FT;
import org.junit.jupiter.api.Test;

class TrainingTest {
    private static final Dataset DATA = stripes(150);
    private static final Network PRUNED = Pruning.prune(Initial.network(CifarResNet.of(8, 2), 1), new UniformPlan(.3), new L1Norm());

    @Test
    void theSameRetrainingGivesTheSameWeightsBitForBit() {
        assertEquals(retrain(1).network().weights(), retrain(1).network().weights());
    }

    @Test
    void aRetrainedNetworkKeepsTheNamesOfItsFile() {
        Names names = new Names(Map.of("linear.weight", "fc.weight", "linear.bias", "fc.bias"));
        Execution execution = Execution.on(Device.cpu(), PRUNED.architecture());
        try (Training training = Training.start(TrainingSetup.of(PRUNED.with(names), CLR.ofPaper(), 1, DATA, Recipe.ofPaper().withBatch(32))
                .on(Device.cpu(), execution))) {
            training.nextEpoch();
            assertEquals(names, training.run().network().names());
        }
    }

    @Test
    void aNetworkWithoutNormsIsTrained() {
        record Plain() implements Architecture {
            @Override
            public List<GraphNode> nodes() {
                return new NodeChain().then("conv", new Op.Conv2d(3, 4, 3, 1, 1, 1, true)).then("relu", new Op.Relu()).then("pool", new Op.GlobalAvgPool())
                        .then("linear", new Op.Linear(4, 2)).nodes();
            }

            @Override
            public int channels() {
                return 3;
            }

            @Override
            public String text() {
                return "plain";
            }
        }
        Network plain = Initial.network(new Plain(), 1);
        try (Training training = Training.start(TrainingSetup.of(plain, CLR.ofPaper(), 1, DATA, Recipe.ofPaper().withBatch(32)))) {
            training.nextEpoch();
            assertNotEquals(plain.weights(), training.run().network().weights());
        }
    }

    @Test
    void anotherSeedGivesOtherWeights() {
        assertNotEquals(retrain(1).network().weights(), retrain(2).network().weights());
    }

    @Test
    void aResumedTrainingEndsWhereTheUninterruptedOneEnds() {
        Recipe recipe = Recipe.ofPaper().withBatch(32);
        TrainingSetup setup = setup(4, recipe);
        TrainingState state;
        try (Training first = Training.start(setup)) {
            first.nextEpoch();
            first.nextEpoch();
            state = first.state();
        }
        Run resumed;
        try (Training second = Training.resume(state, setup)) {
            second.nextEpoch();
            second.nextEpoch();
            resumed = second.run();
        }
        Run whole = run(4, recipe);
        assertEquals(whole.network(), resumed.network());
        assertEquals(whole.bestNetwork(), resumed.bestNetwork());
        assertEquals(whole.start(), resumed.start());
        assertEquals(whole.lastEpoch().testLoss(), resumed.lastEpoch().testLoss());
    }

    @Test
    void whatCanBeLearntIsLearnt() {
        Run run = run(8, Recipe.ofPaper().withBatch(16));
        assertTrue(run.lastEpoch().testAccuracy() > .9, run.toString());
    }

    @Test
    void theSplitThatBestWasChosenOnIsSaid() {
        assertEquals("test", retrain(1).bestOn());
        Dataset split = DATA.withValidation(.2, 1);
        try (Training training = Training.start(PRUNED, FT.ofPaper(), 2, split, Recipe.ofPaper())) {
            training.nextEpoch();
            training.nextEpoch();
            Run run = training.run();
            assertEquals("validation", run.bestOn());
            assertTrue(run.history().stream().allMatch(epoch -> epoch.validationAccuracy().orElseThrow() <= run.bestEpoch().validationAccuracy().orElseThrow()));
        }
    }

    @Test
    void aLossThatIsNoNumberStopsTheTrainingAndSaysWhere() {
        try (Training training = Training.start(PRUNED, new FT(100), 5, DATA, Recipe.ofPaper().withWeightDecay(.9).withBatch(8))) {
            String message = assertThrows(IllegalStateException.class, () -> {
                for (int i = 0; i < 5; i++) {
                    training.nextEpoch();
                }
            }).getMessage();
            assertTrue(message.contains("epoch") && message.contains("learning rate of 100.0"), message);
        }
    }

    @Test
    void nothingThatAStepMakesOutlivesIt() {
        try (Training training = Training.start(PRUNED, FT.ofPaper(), 3, DATA, Recipe.ofPaper().withBatch(16))) {
            training.nextEpoch();
            int arrays = training.live.manager().getManagedArrays().size();
            training.nextEpoch();
            training.nextEpoch();
            assertEquals(arrays, training.live.manager().getManagedArrays().size());
        }
    }

    @Test
    void anEpochThatBrokeOffIsNoResult() {
        try (Training training = Training.start(PRUNED, new FT(100), 1, DATA, Recipe.ofPaper().withWeightDecay(.9).withBatch(8))) {
            assertThrows(IllegalStateException.class, training::nextEpoch);
            assertTrue(assertThrows(IllegalStateException.class, training::run).getMessage().contains("broke off"));
            assertThrows(IllegalStateException.class, training::state);
        }
    }

    @Test
    void vggRefusesALastBatchOfOneImage() {
        Network vgg = Initial.network(Vgg.of(2), 1);
        assertMessage("one image", () -> Training.start(vgg, FT.ofPaper(), 1, DATA, Recipe.ofPaper().withBatch(299)).close());
    }

    @Test
    void anInterruptIsNoticedBeforeTheNextStep() {
        try (Training training = Training.start(PRUNED, FT.ofPaper(), 1, DATA, Recipe.ofPaper())) {
            Thread.currentThread().interrupt();
            assertThrows(CancellationException.class, training::nextEpoch);
        }
    }

    @Test
    void argumentsThatDontFitAreNamed() {
        assertMessage("0 x", () -> Training.start(PRUNED, FT.ofPaper(), 0, DATA, Recipe.ofPaper()).close());
        Network grey = Initial.network(CifarResNet.dense(8, List.of(16, 32, 64), 1, 10, org.espalier.model.families.Shortcut.SUBSAMPLE), 1);
        assertMessage("takes 1 channels", () -> Training.start(grey, FT.ofPaper(), 1, DATA, Recipe.ofPaper()).close());
        assertMessage("at least one image, not 0", () -> Recipe.ofPaper().withBatch(0));
        assertMessage("not -1.0", () -> Recipe.ofPaper().withWeightDecay(-1));
    }

    @Test
    void aRecipeReadsBackFromItsText() {
        assertEquals("", Recipe.ofPaper().text());
        Recipe other = Recipe.ofPaper().withBatch(128).withNesterov(true).withAugmentation(Augmentation.NONE).withSeed(5);
        assertEquals("batch=128 nesterov=true augmentation=none", other.text());
        assertEquals(other, Recipe.parse(other.text(), 5));
    }

    private static Run retrain(long seed) {
        return run(2, Recipe.ofPaper().withBatch(32).withSeed(seed));
    }

    private static Run run(int epochs, Recipe recipe) {
        try (Training training = Training.start(setup(epochs, recipe))) {
            while (!training.isDone()) {
                training.nextEpoch();
            }
            return training.run();
        }
    }

    private static TrainingSetup setup(int epochs, Recipe recipe) {
        return TrainingSetup.of(PRUNED, CLR.ofPaper(), epochs, DATA, recipe).on(Device.cpu(), Execution.on(Device.cpu(), PRUNED.architecture()));
    }

    /** Two classes of 12 x 12 images: stripes along one axis or the other, under noise. */
    static Dataset stripes(int perClass) {
        return new Dataset("stripes", stripes(perClass, 1), Optional.empty(), stripes(40, 2), Normalisation.CIFAR10);
    }

    private static Images stripes(int perClass, long seed) {
        RandomGenerator random = Randomness.of(seed, "stripes", 0);
        byte[] pixels = new byte[2 * perClass * 12 * 12 * 3];
        int[] labels = new int[2 * perClass];
        for (int i = 0; i < pixels.length; i++) {
            int image = i / (12 * 12 * 3);
            int y = i / (12 * 3) % 12;
            int x = i / 3 % 12;
            labels[image] = image % 2;
            pixels[i] = (byte) ((labels[image] == 0 ? x : y) / 2 % 2 * 120 + random.nextInt(100));
        }
        return Images.of(ByteBuffer.wrap(pixels), labels, 12, 12, 3, List.of("upright", "level"));
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable action) {
        String message = assertThrows(IllegalArgumentException.class, action).getMessage();
        assertTrue(message.contains(part), message);
    }
}
