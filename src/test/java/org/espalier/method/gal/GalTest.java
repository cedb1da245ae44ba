package org.espalier.method.gal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.espalier.data.Dataset;
import org.espalier.data.Datasets;
import org.espalier.method.Method;
import org.espalier.method.MethodContext;
import org.espalier.method.MethodResult;
import org.espalier.model.Architecture;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.prune.Calibration;
import org.espalier.prune.Plan;
import org.espalier.prune.Pruning;
import org.espalier.prune.criteria.L1Norm;
import org.espalier.prune.plans.FoundPlan;
import org.espalier.train.Epoch;
import org.espalier.train.Recipe;
import org.espalier.train.TrainingState;
import org.espalier.train.schedules.FT;
import org.junit.jupiter.api.Test;

class GalTest {
    private static final Dataset DATA = Datasets.sample().take(12, 5);
    private static final Network NETWORK = Initial.network(Architecture.parse("cifar-resnet-14 stages=4,8,8 channels=1"), 1);

    private static MethodContext context(long seed) {
        return MethodContext.of(NETWORK, new FoundPlan(), new L1Norm(), new FT(.01), DATA, Recipe.ofPaper().withSeed(seed));
    }

    /** With alpha 1 the first step has no momentum; the second has (1.618034 - 1) / 2.193527 = 0.281756 of it. */
    @Test
    void aStepOfFistaIsAsComputedByHand() {
        Fista first = Fista.of(new float[] {1, .02f, -.5f}).step(new float[] {2, .5f, -1}, .1, .3);
        assertArrayEquals(new float[] {1 - .2f - .03f, 0, 0}, first.masks(), 1e-6f);
        assertEquals((1 + Math.sqrt(5)) / 2, first.alpha(), 1e-12);
        Fista second = first.step(new float[] {1, -1, -.2f}, .1, .3);
        double y = .77 + .281756 * (.77 - 1);
        assertArrayEquals(new float[] {(float) (y - .1 - .03), (float) (-.281756 * .02 + .1 - .03), (float) (.281756 * .5 + .02 - .03)}, second.masks(), 1e-5f);
    }

    @Test
    void thePublishedCostsAreThoseOfTenAndSixteenBlocks() {
        Architecture dense = Architecture.parse("cifar-resnet-56");
        List<String> blocks = dense.blocks().stream().map(block -> block.name()).filter(name -> !name.endsWith(".0") || name.startsWith("layer1")).toList();
        assertEquals("78.30", millions(dense.without(Set.copyOf(blocks.subList(0, 10)))));
        assertEquals("49.99", millions(dense.without(Set.copyOf(blocks.subList(0, 16)))));
    }

    private static String millions(Architecture architecture) {
        return String.format(java.util.Locale.ROOT, "%.2f", architecture.macs(32, 32) / 1e6);
    }

    @Test
    void itsObjectiveFallsAndBlocksGo() {
        MethodResult result = new Gal(8, 1, 5).run(context(3));
        List<Epoch> history = result.trainings().get(0).history();
        assertTrue(history.get(7).trainLoss() < history.get(0).trainLoss(), history.toString());
        Architecture left = result.network().architecture();
        assertTrue(left.blocks().size() < 6, left.text());
        assertEquals(Architecture.parse(left.text()), left);
        assertEquals(8, result.epochs());
        assertTrue(result.remarks().get(0).startsWith("gal removed " + (6 - left.blocks().size()) + " of 6 blocks"), result.remarks().toString());
        assertEquals(result.network(), new Gal(8, 1, 5).run(context(3)).network(), "the seed decides all");
    }

    @Test
    void masksInBatchNormsAreTheFunctionOfMaskedBlocks() {
        List<GalMask> places = GalMask.of(NETWORK.architecture());
        assertEquals(NETWORK.architecture().blocks().stream().map(block -> block.name() + ".bn2").toList(), places.stream().map(GalMask::norm).toList());
        Network folded = Gal.folded(NETWORK, places, new float[] {1, 0, .5f, 1, -.3f, 2});
        Network without = Gal.withoutBlocks(folded, places, new boolean[] {false, true, false, false, true, false});
        assertEquals(NETWORK.architecture().without(Set.of("layer1.1", "layer3.0")), without.architecture());
        float[] removed = logits(without);
        assertArrayEquals(logits(folded), removed, 1e-5f, "a removed block is one that adds zero");
        assertArrayEquals(logits(NETWORK), logits(Gal.folded(NETWORK, places, new float[] {1, 1, 1, 1, 1, 1})));
        float[] dense = logits(NETWORK);
        assertTrue(IntStream.range(0, dense.length).anyMatch(i -> Math.abs(dense[i] - removed[i]) > 1e-3));
    }

    @Test
    void whichChannelsAreLeftIsKnownThroughRemovedBlocks() {
        Network dense = Initial.network(Architecture.parse("cifar-resnet-14 stages=4,8,8 channels=1 shortcut=projection"), 1);
        Network pruned = Pruning.prune(dense, Plan.parse("uniform(0.5,all)"), new L1Norm());
        List<GalMask> places = GalMask.of(pruned.architecture());
        Network left = Gal.withoutBlocks(pruned, places, new boolean[] {true, false, true, false, false, false});
        assertEquals(pruned.kept().channels().get("layer1.1.conv1"), left.kept().channels().get("layer1.1.conv1"));
        assertEquals(pruned.kept().channels().get("layer2.0.conv2"), left.kept().channels().get("layer2.0.shortcut.0"), "by the name of another producer");
        assertEquals(left.architecture().groups().stream().map(ChannelGroup::name).collect(Collectors.toSet()), left.kept().channels().keySet());
    }

    @Test
    void ofANetworkWithoutBlocksChannelsGo() {
        MethodResult result = new Gal(4, .1, 3).run(vgg("widths=13*4"));
        Network trained = result.trainings().get(0).network();
        List<Integer> widths = result.network().architecture().groups().stream().map(group -> group.width()).toList();
        int left = widths.stream().mapToInt(Integer::intValue).sum();
        assertTrue(left < 13 * 4 + 512 && widths.stream().allMatch(width -> width >= 1), widths.toString());
        assertTrue(result.remarks().get(0).startsWith("gal removed "), result.remarks().toString());
        assertEquals(result.network().architecture(), Architecture.parse(result.network().architecture().text()));
        assertArrayEquals(logits(trained), logits(result.network()), 1e-4f, "a channel whose mask is zero puts out zero");
        List<GalMask> places = GalMask.of(trained.architecture());
        assertEquals(14, places.size(), "13 convolutions and the hidden layer");
        float[] ones = new float[13 * 4 + 512];
        java.util.Arrays.fill(ones, 4, ones.length, 1);
        Network emptied = Gal.folded(trained, places, ones);
        assertEquals(trained.weights().get("bn1.weight").at(0), emptied.weights().get("bn1.weight").at(0), "a layer that would lose all keeps its first channel");
        assertEquals(0, emptied.weights().get("bn1.weight").at(1));
    }

    private static MethodContext vgg(String fields) {
        return MethodContext.of(Initial.network(Architecture.parse("vgg-16 channels=1 " + fields), 1), new FoundPlan(), new L1Norm(), new FT(.01), DATA,
                Recipe.ofPaper());
    }

    @Test
    void aTrainingGoesOnFromWhatWasLeftToTheSameBits() {
        Gal gal = new Gal(3, 1, .6, Gal.As.CODE, Gal.Masks.GAUSSIAN, 1);
        MethodContext context = context(2);
        List<GalMask> places = GalMask.of(NETWORK.architecture());
        Optional<TrainingState> left = Optional.empty();
        for (int epoch = 0; epoch < 3; epoch++) {
            try (GalTraining training = GalTraining.of(gal, context, places, left)) {
                training.nextEpoch(progress -> { });
                left = Optional.of(training.state());
            }
        }
        try (GalTraining whole = GalTraining.of(gal, context, places, Optional.empty()); GalTraining last = GalTraining.of(gal, context, places, left)) {
            for (int epoch = 0; epoch < 3; epoch++) {
                whole.nextEpoch(progress -> { });
            }
            assertTrue(last.isDone());
            assertEquals(whole.run().network(), last.run().network());
            assertEquals(whole.state().hooks(), last.state().hooks(), "discriminator, masks and the original's statistics");
            assertEquals(whole.state().buffers(), last.state().buffers());
        }
    }

    @Test
    void whatThePaperMeansIsAnOption() {
        Method paper = Method.parse("gal epochs=3 as=paper masks=positive maskSteps=2");
        assertEquals("gal epochs=3 as=paper masks=positive maskSteps=2", paper.text());
        MethodResult result = paper.run(context(1));
        assertTrue(result.remarks().get(0).contains("the initial masks of 0 of these were negative"), result.remarks().toString());
        assertNotEquals(result.trainings().get(0).network(), new Gal(3, 1, .6).run(context(1)).trainings().get(0).network());
    }

    private static float[] logits(Network network) {
        return Calibration.of(network, DATA, 1, 8, 1).activations("linear", 0).values();
    }

    @Test
    void whatItCantDoIsNamed() {
        String neither = assertThrows(IllegalArgumentException.class, () -> GalMask.of(Architecture.parse("densenet-40"))).getMessage();
        assertTrue(neither.contains("masks residual blocks, or layers") && neither.contains("densenet-40 has neither"), neither);
        String all = assertThrows(IllegalStateException.class, () -> new Gal(1, 1, 1e4).run(context(1))).getMessage();
        assertTrue(all.contains("masks of all 6 blocks") && all.contains("lower lambda"), all);
        String diverged = assertThrows(IllegalStateException.class, () -> new Gal(8, 1e5, 0).run(context(1))).getMessage();
        assertTrue(diverged.contains("diverged"), diverged);
        assertEquals("gal epochs=8 lambda=0.8", Method.parse("gal lambda=.8 epochs=8 mu=1").text());
    }
}
