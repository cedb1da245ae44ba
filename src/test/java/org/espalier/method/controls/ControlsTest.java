package org.espalier.method.controls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.espalier.data.Dataset;
import org.espalier.data.Datasets;
import org.espalier.method.Method;
import org.espalier.method.MethodContext;
import org.espalier.method.MethodResult;
import org.espalier.method.OneShot;
import org.espalier.method.Trainer;
import org.espalier.model.Architecture;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.channels.ChannelRemoval;
import org.espalier.prune.Plan;
import org.espalier.prune.Pruning;
import org.espalier.prune.criteria.L1Norm;
import org.espalier.prune.plans.FoundPlan;
import org.espalier.prune.plans.UniformPlan;
import org.espalier.study.statistics.Plateau;
import org.espalier.train.Epoch;
import org.espalier.train.Recipe;
import org.espalier.train.TrainingSetup;
import org.espalier.train.schedules.FT;
import org.espalier.train.schedules.StepDecay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a pruned and retrained network is compared with, besides others of its kind. */
class ControlsTest {
    private static final Dataset DATA = Datasets.sample().take(4, 5);
    private static final Architecture RESNET = Architecture.parse("cifar-resnet-8 stages=4,8,8 channels=1");
    private static final Recipe RECIPE = Recipe.ofPaper().withBatch(20);
    private static final TrainingSetup TRAINING = TrainingSetup.of(Initial.network(RESNET, 1), StepDecay.cifar(3), 3, DATA, RECIPE);
    private static final Network TRAINED = Trainer.PLAIN.train(TRAINING).network();

    private static MethodContext context() {
        return new MethodContext(TRAINED, new UniformPlan(.5), new L1Norm(), new FT(.01), DATA, RECIPE, Trainer.PLAIN, Optional.of(() -> TRAINING));
    }

    /** By the authors' own counter. */
    @ParameterizedTest
    @CsvSource({"cifar-resnet-56,R56-A,178", "cifar-resnet-56,R56-B,220", "cifar-resnet-56,R56-C,267", "cifar-resnet-56,R56-D,312",
        "cifar-resnet-110,R110-A,190", "cifar-resnet-110,R110-B,260", "vgg-16,VGG-A,243"})
    void scratchBHasTheAuthorsEpochs(String network, String plan, int epochs) {
        for (String shortcut : network.startsWith("vgg") ? List.of("") : List.of("", " shortcut=average")) {
            Architecture dense = Architecture.parse(network + shortcut);
            assertEquals(epochs, Scratch.epochs(160, dense, dense.withWidths(Plan.parse(plan).kept(dense))), network + shortcut);
        }
    }

    @Test
    void scratchIsThePrunedArchitectureWithInitialWeightsAndOwesTheOriginalNothing() {
        Network scratch = new Scratch().run(context()).network();
        assertEquals(Initial.network(RESNET.withWidths(List.of(2, 4, 4)), RECIPE.seed()), scratch);
        assertTrue(!new Scratch().startsFromOriginal() && new OneShot().startsFromOriginal());
    }

    @Test
    void rewoundWeightsAreThoseOfTheEarlyEpochAndTheChoiceIsTheTrainedNetworks() {
        Network early = Trainer.PLAIN.train(new TrainingSetup(TRAINING.network(), TRAINING.schedule(), 1, DATA, RECIPE, TRAINING.device(),
                TRAINING.execution(), List.of())).network();
        List<int[]> kept = Pruning.kept(TRAINED, new UniformPlan(.5), new L1Norm());
        assertEquals(ChannelRemoval.keep(early, kept), new WeightRewinding(1).run(context()).network());
        assertEquals(ChannelRemoval.keep(TRAINING.network(), kept), new WeightRewinding(0).run(context()).network());
        assertEquals(Pruning.prune(TRAINED, new UniformPlan(.5), new L1Norm()), new WeightRewinding(3).run(context()).network(), "all epochs again");
        assertMessage("goes back to epoch 4, but the original was trained for 3", () -> new WeightRewinding(4).run(context()));
        assertMessage("how this one was trained isn't known", () -> new WeightRewinding(1).run(MethodContext.of(TRAINED, new UniformPlan(.5), new L1Norm(),
                new FT(.01), DATA, RECIPE)));
    }

    @Test
    void singleWeightsGoBackToAnEarlyEpochAndTheOthersToZero() {
        MethodContext found = new MethodContext(TRAINED, new FoundPlan(), new L1Norm(), new FT(.01), DATA, RECIPE, Trainer.PLAIN, Optional.of(() -> TRAINING));
        Network early = new WeightRewinding(1).run(new MethodContext(TRAINED, new UniformPlan(0), new L1Norm(), new FT(.01), DATA, RECIPE, Trainer.PLAIN,
                Optional.of(() -> TRAINING))).network();
        Network masked = Method.parse("magnitude ratio=0.5").run(found).network();
        MethodResult rewound = Method.parse("magnitude ratio=0.5 rewind=1").run(found);
        int zeros = 0;
        for (String name : TRAINED.weights().tensors().keySet()) {
            Tensor of = rewound.network().weights().get(name);
            for (int i = 0; i < of.size(); i++) {
                boolean gone = name.contains("conv") && masked.weights().get(name).at(i) == 0;
                zeros += gone ? 1 : 0;
                assertEquals(gone ? 0 : early.weights().get(name).at(i), of.at(i), name);
            }
        }
        assertTrue(zeros > 0);
        assertEquals(1, rewound.epochs(), "the early epoch, which is the original's own");
        assertEquals(Method.parse("magnitude ratio=0.5 rewind=3").run(found).network(), masked, "all epochs again");
        MethodResult rounds = Method.parse("magnitude ratio=0.75 rounds=2 epochs=1 rewind=0").run(found);
        Network first = rounds.trainings().get(0).network();
        first.weights().tensors().forEach((name, tensor) -> IntStream.range(0, tensor.size()).filter(i -> name.contains("conv") && tensor.at(i) == 0)
                .forEach(i -> assertEquals(0, rounds.network().weights().get(name).at(i), name)));
        assertMessage("goes back to epoch 4, but the original was trained for 3", () -> Method.parse("lamp ratio=0.5 rewind=4").run(found));
        assertMessage("no epoch -1", () -> Method.parse("lamp ratio=0.5 rewind=-1"));
    }

    @Test
    void statisticsEstimatedAnewForgetTheOldOnesAndChangeNoWeight() {
        Network pruned = Pruning.prune(TRAINED, new UniformPlan(.5), new L1Norm());
        Map<String, Tensor> spoilt = new HashMap<>();
        pruned.weights().tensors().forEach((name, tensor) -> {
            if (name.contains(".running_")) {
                spoilt.put(name, Tensor.filled(3, tensor.shape()));
            }
        });
        Network estimated = new ReestimatedNorms(100).run(context()).network();
        Network again = ReestimatedNorms.of(new Network(pruned.architecture(), pruned.weights().with(spoilt)), DATA, 100, 20, RECIPE.seed());
        pruned.weights().tensors().forEach((name, tensor) -> {
            if (!name.contains(".running_")) {
                assertEquals(tensor, estimated.weights().get(name), name);
            } else {
                assertNotEquals(tensor, estimated.weights().get(name), name);
                IntStream.range(0, tensor.size()).forEach(i -> assertEquals(estimated.weights().get(name).at(i), again.weights().get(name).at(i), 1e-3, name));
            }
        });
    }

    @Test
    void aPlateauIsWhereTheLossStopsFalling() {
        assertEquals(new Plateau(3, true), Plateau.of(losses(2, 1, .5, .499, .498, .1), 2, .01));
        assertEquals(new Plateau(6, false), Plateau.of(losses(2, 1, .5, .499, .498, .1), 3, .01));
        assertEquals(new Plateau(1, true), Plateau.of(losses(1, 1, 1), 2, 0));
        assertMessage("patience of at least 1", () -> Plateau.of(losses(1), 0, .01));
    }

    private static List<Epoch> losses(double... losses) {
        return IntStream.range(0, losses.length).mapToObj(i -> new Epoch(i + 1, .001, losses[i], .5, OptionalDouble.empty(), Double.NaN, Double.NaN, 1)).toList();
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable action) {
        String message = assertThrows(IllegalArgumentException.class, action).getMessage();
        assertTrue(message.contains(part), message);
    }
}
