package org.espalier.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.RandomGenerator;
import org.espalier.data.Dataset;
import org.espalier.data.Datasets;
import org.espalier.data.MemoryFormat;
import org.espalier.engine.Execution;
import org.espalier.model.Architecture;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.SameFunction;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.model.channels.ChannelRemoval;
import org.espalier.model.channels.Kept;
import org.espalier.prune.Calibration;
import org.espalier.prune.Criterion;
import org.espalier.prune.Plan;
import org.espalier.prune.Pruning;
import org.espalier.prune.criteria.L1Norm;
import org.espalier.prune.criteria.L2Norm;
import org.espalier.prune.criteria.Taylor;
import org.espalier.prune.plans.FoundPlan;
import org.espalier.prune.plans.UniformPlan;
import org.espalier.prune.plans.WidthsPlan;
import org.espalier.random.Randomness;
import org.espalier.train.Recipe;
import org.espalier.train.Run;
import org.espalier.train.TrainingSetup;
import org.espalier.train.schedules.FT;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The methods on 40 images of Fashion-MNIST and a ResNet-8 of 4, 8 and 8 channels. */
class MethodTest {
    private static final Dataset DATA = Datasets.sample().take(4, 5);
    private static final Network NETWORK = random(Architecture.parse("cifar-resnet-8 stages=4,8,8 channels=1"));
    private static final Recipe RECIPE = Recipe.ofPaper().withBatch(20);

    private static MethodContext context(Plan plan, Criterion criterion) {
        return MethodContext.of(NETWORK, plan, criterion, new FT(.01), DATA, RECIPE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"iterative rounds=3 epochs=2", "iterative", "sfp", "sfp epochs=2 start=pretrained", "slimming", "slimming ratio=0.7 epochs=3 s=1.0E-5",
        "magnitude ratio=0.9", "random-weights ratio=0.5", "lamp ratio=0.9", "magnitude ratio=0.96 rounds=9 epochs=10", "layer-by-layer", "layer-by-layer epochs=2 rates=retraining", "taylor-training",
        "taylor-training ratio=0.2 epochs=2 every=5 step=0.1", "thinet", "scratch", "rewinding", "rewinding epoch=0", "magnitude ratio=0.9 rewind=10", "reestimated-norms batches=3"})
    void aTextReadsBackAsItself(String text) {
        assertEquals(text, Method.parse(text).text());
        assertEquals(Method.parse(text), Method.parse(Method.parse(text).text()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"sofft|'sofft' is no method; known are one-shot, iterative", "sfp epoch=3|did you mean epochs", "sfp epochs=0|at least 1 epoch, not 0",
        "magnitude|doesn't say the ratio", "magnitude ratio=1|in (0, 1), unlike 1.0", "iterative rounds=0|not 0 and 40", "slimming ratio=0|not 0.0, 40",
        "lamp|doesn't say the ratio", "layer-by-layer epochs=0|at least 1 epoch, not 0", "taylor-training ratio=1|not 1.0, 11, 0.0088 and 30",
        "rewinding epoch=-1|no epoch -1", "reestimated-norms batches=0|at least 1 mini-batch, not 0", "gal maskSteps=0|25, 1.0, 0.6 and 0"})
    void whatIsNoMethodIsNamed(String text, String part) {
        assertMessage(part, () -> Method.parse(text));
    }

    @Test
    void oneShotIsTheUsualOneAndHasNoText() {
        assertEquals(new OneShot(), Method.parse(""));
        assertEquals("", Method.parse("one-shot").text());
        assertEquals(Pruning.prune(NETWORK, new UniformPlan(.5), new L1Norm()), new OneShot().run(context(new UniformPlan(.5), new L1Norm())).network());
        assertEquals(Pruning.prune(NETWORK, new UniformPlan(.5), new Taylor(), Calibration.of(NETWORK, DATA, RECIPE.seed())),
                new OneShot().run(context(new UniformPlan(.5), new Taylor())).network());
    }

    @Test
    void planAndCriterionAreThoseOfTheMethod() {
        assertMessage("finds by itself what goes: its plan is 'found', not uniform(0.5)", () -> Method.parse("slimming").run(context(new UniformPlan(.5), new L1Norm())));
        assertMessage("leave the criterion l2 out", () -> Method.parse("magnitude ratio=0.5").run(context(new FoundPlan(), new L2Norm())));
        assertMessage("leave the criterion l2 out", () -> Method.parse("sfp").run(context(new UniformPlan(.5), new L2Norm())));
        assertMessage("this one needs a plan", () -> new OneShot().run(context(new FoundPlan(), new L1Norm())));
        assertMessage("this one needs a plan", () -> Method.parse("sfp").run(context(Plan.parse("found"), new L1Norm())));
    }

    @Test
    void eachRoundPrunesWhatTheOneBeforeLeft() {
        MethodResult result = new Iterative(3, 2).run(context(new UniformPlan(.5), new L1Norm()));
        assertEquals(List.of(1, 1, 1), result.network().architecture().widths());
        assertEquals(List.of(List.of(2, 4, 4), List.of(1, 2, 2)), result.trainings().stream().map(run -> run.network().architecture().widths()).toList());
        assertEquals(4, result.epochs());
        assertEquals(new Iterative(3, 2).epochs(), result.epochs());
        assertEquals(Pruning.prune(result.trainings().get(1).network(), new UniformPlan(.5), new L1Norm()), result.network());
    }

    @Test
    void aZeroedFilterStillPutsOutAConstantAndARemovedOneDoesnt() {
        List<int[]> kept = Pruning.kept(NETWORK, new UniformPlan(.5), new L2Norm());
        Network soft = new Network(NETWORK.architecture(), NETWORK.weights().with(SoftFilterPruning.zeroed(NETWORK, new UniformPlan(.5))));
        int gone = IntStream.range(0, 4).filter(channel -> Arrays.stream(kept.get(0)).noneMatch(k -> k == channel)).findFirst().orElseThrow();
        Tensor maps = Calibration.of(soft, DATA, 1, 8, 1).activations("layer1.0.bn1", 0);
        Weights w = soft.weights();
        double expected = w.get("layer1.0.bn1.bias").at(gone) - w.get("layer1.0.bn1.weight").at(gone) * w.get("layer1.0.bn1.running_mean").at(gone)
                / Math.sqrt(w.get("layer1.0.bn1.running_var").at(gone) + 1e-5);
        assertTrue(Math.abs(expected) > .01);
        int pixels = 28 * 28;
        for (int i = 0; i < 8 * pixels; i++) {
            assertEquals(expected, maps.at(i / pixels * 4 * pixels + gone * pixels + i % pixels), 1e-5);
        }
        float[] removed = logits(ChannelRemoval.keep(soft, kept));
        assertArrayEquals(removed, logits(SameFunction.masked(soft, kept)), 1e-4f);
        float[] masked = logits(soft);
        assertTrue(IntStream.range(0, masked.length).anyMatch(i -> Math.abs(masked[i] - removed[i]) > 1e-2));
    }

    @Test
    void softFiltersAreChosenAnewAfterEachEpochAndRemovedInTheEnd() {
        for (Start start : Start.values()) {
            MethodResult result = new SoftFilterPruning(4, start).run(context(new UniformPlan(.5), new L1Norm()));
            assertEquals(List.of(2, 4, 4), result.network().architecture().widths());
            Network last = result.trainings().get(0).network();
            assertEquals(NETWORK.architecture(), last.architecture());
            assertEquals(2, zeroFilters(last.weights().get("layer1.0.conv1.weight")));
            assertEquals(4, zeroFilters(last.weights().get("layer3.0.conv1.weight")));
            assertEquals(0, zeroFilters(last.weights().get("layer1.0.conv2.weight")));
            assertTrue(IntStream.range(0, 4).noneMatch(channel -> last.weights().get("layer1.0.bn1.weight").at(channel) == 0), "batch norm is left alone");
        }
    }

    @Test
    void softFilterPruningHasItsOwnRatesAndRecipe() {
        List<TrainingSetup> asked = new ArrayList<>();
        Trainer spy = setup -> {
            asked.add(setup);
            return Trainer.PLAIN.train(setup);
        };
        new SoftFilterPruning(1, Start.PRETRAINED).run(new MethodContext(NETWORK, new UniformPlan(.5), new L1Norm(), new FT(.01), DATA, RECIPE, spy));
        assertEquals(new Recipe(128, 5e-4, true, RECIPE.augmentation(), RECIPE.seed()), asked.get(0).recipe());
        assertEquals(2, zeroFilters(asked.get(0).network().weights().get("layer1.0.conv1.weight")), "once before the training");
        var budget = new org.espalier.train.Budget(200, 10);
        Map<Integer, Double> rates = new TreeMap<>(Map.of(0, .01, 1, .1, 59, .1, 60, .02, 119, .02, 120, .004, 159, .004, 160, 8e-4, 199, 8e-4));
        rates.forEach((epoch, rate) -> assertEquals(rate, SoftFilterPruning.rates(.1).learningRate(epoch * 10L, budget), 1e-12, "epoch " + epoch));
    }

    @Test
    void slimmingShrinksScalesAndRemovesThoseBelowAThresholdOverAllLayers() {
        MethodResult plain = new NetworkSlimming(.4, 2, 0, Start.SCRATCH).run(context(new FoundPlan(), new L1Norm()));
        MethodResult sparse = new NetworkSlimming(.4, 2, .5, Start.SCRATCH).run(context(new FoundPlan(), new L1Norm()));
        assertTrue(scales(sparse.trainings().get(0)) < .95 * scales(plain.trainings().get(0)));
        List<Integer> widths = sparse.network().architecture().widths();
        assertEquals(20 - (int) (20 * .4) - 1, widths.stream().mapToInt(Integer::intValue).sum(), "keeps what is above the value at index 8 of 20");
        assertEquals(WidthsPlan.of(widths), WidthsPlan.of(sparse.network().architecture()));
        assertEquals(widths, Pruning.prune(NETWORK, WidthsPlan.of(sparse.network().architecture()), new L1Norm()).architecture().widths());
    }

    @Test
    void aLayerThatSlimmingWouldEmptyKeepsItsLargestScale() {
        Network small = new Network(NETWORK.architecture(), NETWORK.weights().with(Map.of("layer2.0.bn1.weight",
                Tensor.of(new float[] {1e-4f, -2e-4f, 3e-4f, -7e-4f, 1e-4f, 7e-4f, 0, 0}, 8))));
        List<String> remarks = new ArrayList<>();
        List<int[]> kept = NetworkSlimming.kept(small, .5, remarks);
        assertArrayEquals(new int[] {3}, kept.get(1));
        assertTrue(remarks.get(0).contains("emptied 1 of 3 layers") && remarks.get(0).contains("layer2.0.conv1"), remarks.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"magnitude", "random-weights"})
    void zeroedWeightsStayZeroExactlyThroughRetraining(String name) {
        MethodResult result = Method.parse(name + " ratio=0.8").run(context(new FoundPlan(), new L1Norm()));
        assertEquals(NETWORK.architecture(), result.network().architecture());
        List<String> convolutions = NETWORK.weights().tensors().keySet().stream().filter(tensor -> tensor.contains("conv")).toList();
        int total = 0;
        int zeros = 0;
        for (Execution execution : List.of(Execution.on(Device.cpu(), NETWORK.architecture()), new Execution.WholeBatch(MemoryFormat.CHANNELS_LAST, 8))) {
            Run run = Trainer.PLAIN.train(TrainingSetup.of(result.network(), new FT(.05), 2, DATA, RECIPE).on(Device.cpu(), execution)
                    .withHooks(result.hooks().get(0)));
            total = 0;
            zeros = 0;
            for (String tensor : convolutions) {
                Tensor before = result.network().weights().get(tensor);
                Tensor after = run.network().weights().get(tensor);
                for (int i = 0; i < before.size(); i++) {
                    assertEquals(before.at(i) == 0, after.at(i) == 0, tensor);
                    zeros += after.at(i) == 0 ? 1 : 0;
                    total++;
                }
            }
            assertNotEquals(result.network().weights().get(convolutions.get(0)), run.network().weights().get(convolutions.get(0)));
            assertEquals(0, IntStream.range(0, 80).filter(i -> run.network().weights().get("linear.weight").at(i) == 0).count());
        }
        assertEquals((int) (total * .8) + 1, zeros, "all up to the value at index int(total * p)");
    }

    @Test
    void inRoundsTheSameShareGoesEachTimeAndWhatIsZeroStaysZero() {
        UnstructuredPruning rounds = (UnstructuredPruning) Method.parse("magnitude ratio=0.96 rounds=9");
        assertEquals(List.of(.30, .51, .66, .76, .83, .88, .92, .94, .96), IntStream.rangeClosed(1, 9).mapToObj(round -> Math.round(100 * rounds.ratio(round)) / 100.)
                .toList());
        assertEquals(320, rounds.epochs());
        MethodResult result = Method.parse("magnitude ratio=0.75 rounds=2 epochs=2").run(context(new FoundPlan(), new L1Norm()));
        Network first = result.trainings().get(0).network();
        int total = 0;
        int half = 0;
        int zeros = 0;
        for (String tensor : NETWORK.weights().tensors().keySet().stream().filter(name -> name.contains("conv")).toList()) {
            for (int i = 0; i < first.weights().get(tensor).size(); i++) {
                total++;
                half += first.weights().get(tensor).at(i) == 0 ? 1 : 0;
                zeros += result.network().weights().get(tensor).at(i) == 0 ? 1 : 0;
                assertTrue(first.weights().get(tensor).at(i) != 0 || result.network().weights().get(tensor).at(i) == 0);
            }
        }
        assertEquals(total / 2 + 1, half);
        assertEquals((int) (total * .75) + 1, zeros);
    }

    @Test
    void whichChannelsAreLeftIsKnownThroughRoundsOfZeroedWeights() {
        Network pruned = Pruning.prune(NETWORK, new UniformPlan(.5), new L1Norm());
        Network sparse = Method.parse("magnitude ratio=0.75 rounds=2 epochs=1").run(MethodContext.of(pruned, new FoundPlan(), new L1Norm(), new FT(.01),
                DATA, RECIPE)).network();
        assertEquals(pruned.kept(), sparse.kept());
        assertNotEquals(Kept.ALL, sparse.kept());
    }

    @Test
    void magnitudeComparesTheWeightsOfAllLayers() {
        Network result = Method.parse("magnitude ratio=0.5").run(context(new FoundPlan(), new L1Norm())).network();
        double largestZeroed = 0;
        double smallestKept = Double.POSITIVE_INFINITY;
        for (String tensor : NETWORK.weights().tensors().keySet().stream().filter(name -> name.contains("conv")).toList()) {
            for (int i = 0; i < result.weights().get(tensor).size(); i++) {
                double before = Math.abs(NETWORK.weights().get(tensor).at(i));
                boolean zeroed = result.weights().get(tensor).at(i) == 0;
                largestZeroed = zeroed ? Math.max(largestZeroed, before) : largestZeroed;
                smallestKept = zeroed ? smallestKept : Math.min(smallestKept, before);
            }
        }
        assertTrue(largestZeroed < smallestKept, largestZeroed + " " + smallestKept);
    }

    @Test
    void chanceIsTheSeedsAndNoWeightsAtAllAreRefused() {
        Method chance = Method.parse("random-weights ratio=0.5");
        MethodContext first = context(new FoundPlan(), new L1Norm());
        assertEquals(chance.run(first).network(), chance.run(first).network());
        assertFalse(chance.run(first).network().equals(chance.run(new MethodContext(NETWORK, new FoundPlan(), new L1Norm(), new FT(.01), DATA,
                RECIPE.withSeed(2), Trainer.PLAIN)).network()));
        Map<String, Tensor> nothing = new HashMap<>();
        NETWORK.weights().tensors().forEach((name, tensor) -> nothing.put(name, Tensor.filled(0, tensor.shape())));
        assertMessage("would set all", () -> chance.run(MethodContext.of(new Network(NETWORK.architecture(), new Weights(nothing)), new FoundPlan(),
                new L1Norm(), new FT(.01), DATA, RECIPE)));
        assertMessage("factors of 0 and 1, not 0.5", () -> new SparsityHook(new Weights(Map.of("w", Tensor.filled(.5f, 2)))));
    }

    @Test
    void lampComparesEachWeightWithTheLargerOnesOfItsLayer() {
        Network result = Method.parse("lamp ratio=0.7").run(context(new FoundPlan(), new L1Norm())).network();
        double largestZeroed = 0;
        double smallestKept = 1;
        for (String tensor : NETWORK.weights().tensors().keySet().stream().filter(name -> name.contains("conv")).toList()) {
            float[] w = NETWORK.weights().get(tensor).values();
            for (int i = 0; i < w.length; i++) {
                double own = (double) w[i] * w[i];
                double score = own / IntStream.range(0, w.length).mapToDouble(k -> (double) w[k] * w[k]).filter(square -> square >= own).sum();
                boolean isZeroed = result.weights().get(tensor).at(i) == 0;
                largestZeroed = isZeroed ? Math.max(largestZeroed, score) : largestZeroed;
                smallestKept = isZeroed ? smallestKept : Math.min(smallestKept, score);
            }
        }
        assertTrue(largestZeroed < smallestKept + 1e-7, largestZeroed + " " + smallestKept);
        Network few = Method.parse("lamp ratio=0.99").run(context(new FoundPlan(), new L1Norm())).network();
        few.weights().tensors().entrySet().stream().filter(tensor -> tensor.getKey().contains("conv")).forEach(tensor ->
                assertTrue(IntStream.range(0, tensor.getValue().size()).anyMatch(i -> tensor.getValue().at(i) != 0), tensor.getKey()));
    }

    private static int zeroFilters(Tensor weight) {
        int row = weight.size() / weight.shape()[0];
        return (int) IntStream.range(0, weight.shape()[0]).filter(o -> IntStream.range(o * row, (o + 1) * row).allMatch(i -> weight.at(i) == 0)).count();
    }

    private static double scales(Run run) {
        return run.network().weights().tensors().entrySet().stream().filter(tensor -> tensor.getKey().matches(".*bn.*\\.weight"))
                .flatMapToDouble(tensor -> IntStream.range(0, tensor.getValue().size()).mapToDouble(i -> Math.abs(tensor.getValue().at(i)))).sum();
    }

    private static float[] logits(Network network) {
        return Calibration.of(network, DATA, 1, 8, 1).activations("linear", 0).values();
    }

    private static Network random(Architecture architecture) {
        Network initial = Initial.network(architecture, 1);
        RandomGenerator random = Randomness.of(1, "test", 0);
        Map<String, Tensor> norms = new HashMap<>();
        initial.weights().tensors().forEach((name, tensor) -> {
            if (tensor.shape().length == 1) {
                float[] values = tensor.values();
                for (int i = 0; i < values.length; i++) {
                    values[i] += (float) (.1 + .4 * random.nextDouble());
                }
                norms.put(name, Tensor.of(values, tensor.shape()));
            }
        });
        return new Network(architecture, initial.weights().with(norms));
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable action) {
        String message = assertThrows(IllegalArgumentException.class, action).getMessage();
        assertTrue(message.contains(part), message);
    }
}
