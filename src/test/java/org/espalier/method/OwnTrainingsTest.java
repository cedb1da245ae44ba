package org.espalier.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.espalier.data.Dataset;
import org.espalier.data.Datasets;
import org.espalier.model.Architecture;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.prune.Calibration;
import org.espalier.prune.Plan;
import org.espalier.prune.Pruning;
import org.espalier.prune.criteria.HRank;
import org.espalier.prune.criteria.L1Norm;
import org.espalier.prune.plans.FoundPlan;
import org.espalier.prune.plans.UniformPlan;
import org.espalier.train.Budget;
import org.espalier.train.Recipe;
import org.espalier.train.hooks.TrainingContext;
import org.espalier.train.hooks.TrainingHook;
import org.espalier.train.TrainingSetup;
import org.espalier.train.schedules.FT;
import org.junit.jupiter.api.Test;

/** HRank's loop and Taylor's, on 40 images of Fashion-MNIST and a ResNet-8 of 4, 8 and 8 channels. */
class OwnTrainingsTest {
    private static final Dataset DATA = Datasets.sample().take(4, 5);
    private static final Network NETWORK = Initial.network(Architecture.parse("cifar-resnet-8 stages=4,8,8 channels=1"), 1);
    private static final Recipe RECIPE = Recipe.ofPaper().withBatch(20);

    private static MethodContext context(Plan plan, Trainer trainer) {
        return new MethodContext(NETWORK, plan, plan instanceof FoundPlan ? new L1Norm() : new HRank(), new FT(.01), DATA, RECIPE, trainer);
    }

    @Test
    void layerByLayerTrainsAfterEachLayerButTheLastAndScoresTheOriginalOnly() {
        List<TrainingSetup> asked = new ArrayList<>();
        LayerByLayer method = new LayerByLayer(2, LayerByLayer.Rates.OWN);
        MethodResult result = method.run(context(new UniformPlan(.5), setup -> {
            asked.add(setup);
            return Trainer.PLAIN.train(setup);
        }));
        assertEquals(List.of(List.of(2, 8, 8), List.of(2, 4, 8)), asked.stream().map(setup -> setup.network().architecture().widths()).toList());
        assertEquals(asked.stream().map(setup -> new Method.Phase(setup.network().architecture(), 2)).toList(),
                method.phases(NETWORK.architecture(), new UniformPlan(.5)));
        assertEquals(new Recipe(128, 5e-4, false, RECIPE.augmentation(), RECIPE.seed()), asked.get(0).recipe());
        List<int[]> kept = Pruning.kept(NETWORK, new UniformPlan(.5), new HRank(), Calibration.of(NETWORK, DATA, RECIPE.seed()));
        List<ChannelGroup> groups = NETWORK.architecture().prunable();
        for (int i = 0; i < kept.size(); i++) {
            assertEquals(IntStream.of(kept.get(i)).boxed().toList(), result.network().kept().of(groups.get(i)));
        }
        assertEquals(4, result.epochs());
        Map.of(0, .01, 4, .01, 5, .001, 9, .001, 10, 1e-4, 29, 1e-4).forEach((epoch, rate) ->
                assertEquals(rate, LayerByLayer.OF_HRANK.learningRate(epoch * 10L, new Budget(30, 10)), 1e-12, "epoch " + epoch));
    }

    @Test
    void itsControlBeginsTheRetrainingsScheduleAnewForEveryLayer() {
        List<TrainingSetup> asked = new ArrayList<>();
        new LayerByLayer(1, LayerByLayer.Rates.RETRAINING).run(context(new UniformPlan(.5), setup -> {
            asked.add(setup);
            return Trainer.PLAIN.train(setup);
        }));
        assertEquals(List.of(new FT(.01), new FT(.01)), asked.stream().map(TrainingSetup::schedule).toList());
        assertEquals(RECIPE, asked.get(1).recipe());
    }

    /** Writes down what the definition says of each gate: (gamma dL/dgamma + beta dL/dbeta)^2, of the first two mini-batches. */
    private static final class Recorder implements TrainingHook {
        private final double[][] scores = NETWORK.architecture().prunable().stream().map(group -> new double[group.width()]).toArray(double[][]::new);

        @Override
        public void beforeUpdate(TrainingContext context) {
            for (int g = 0; g < scores.length && context.step() < 2; g++) {
                String norm = NETWORK.architecture().prunable().get(g).name().replace("conv", "bn");
                for (int c = 0; c < scores[g].length; c++) {
                    double gate = (double) context.weight(norm + ".weight").at(c) * context.gradient(norm + ".weight").at(c)
                            + (double) context.weight(norm + ".bias").at(c) * context.gradient(norm + ".bias").at(c);
                    scores[g][c] += gate * gate / 2;
                }
            }
        }
    }

    @Test
    void taylorsLowestGatesOfAllLayersGoWithinTheTraining() {
        Recorder recorder = new Recorder();
        MethodResult result = new TaylorTraining(.4, 2, 2, .4).run(context(new FoundPlan(),
                setup -> Trainer.PLAIN.train(setup.withHooks(recorder, setup.hooks().get(0)))));
        double[] all = java.util.Arrays.stream(recorder.scores).flatMapToDouble(java.util.Arrays::stream).sorted().toArray();
        List<ChannelGroup> groups = NETWORK.architecture().prunable();
        for (int g = 0; g < groups.size(); g++) {
            double[] own = recorder.scores[g];
            assertEquals(IntStream.range(0, own.length).filter(c -> own[c] > all[7]).boxed().toList(), result.network().kept().of(groups.get(g)));
        }
        assertEquals(2, result.epochs());
    }

    @Test
    void taylorPrunesInRoundsAndAlayerKeepsItsLastChannel() {
        MethodResult result = new TaylorTraining(.95, 3, 1, .25).run(context(new FoundPlan(), Trainer.PLAIN));
        assertEquals(List.of(1, 1, 1), result.network().architecture().widths().stream().sorted(Comparator.reverseOrder()).toList());
        assertTrue(result.remarks().get(0).startsWith("taylor-training left a single channel in layer1.0.conv1"), result.remarks().toString());
        MethodResult some = new TaylorTraining(.4, 2, 1, .1).run(context(new FoundPlan(), Trainer.PLAIN));
        assertEquals(12, some.network().architecture().widths().stream().mapToInt(Integer::intValue).sum());
        assertArrayEquals(logits(some.trainings().get(0).network()), logits(some.network()), 1e-4f, "what is removed did nothing");
    }

    private static float[] logits(Network network) {
        return Calibration.of(network, DATA, 1, 8, 1).activations("linear", 0).values();
    }

    @Test
    void aBudgetShorterThanTheMethodsOwnRoundsIsRefusedBeforeAnyTraining() {
        String message = assertThrows(IllegalArgumentException.class, () -> Method.parse("taylor-training").run(context(new FoundPlan(), setup -> {
            throw new AssertionError("nothing is trained");
        }))).getMessage();
        assertTrue(message.contains("prunes 8 times, every 30 mini-batches, but its 11 epochs have 22 of them"), message);
    }
}
