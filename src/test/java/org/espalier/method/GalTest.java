package org.espalier.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.espalier.data.Dataset;
import org.espalier.data.Datasets;
import org.espalier.model.Architecture;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.prune.Calibration;
import org.espalier.prune.FoundPlan;
import org.espalier.prune.criteria.L1Norm;
import org.espalier.train.Epoch;
import org.espalier.train.Recipe;
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
        List<String> norms = NETWORK.architecture().blocks().stream().map(block -> block.name() + ".bn2").toList();
        float[] masks = {1, 0, .5f, 1, 0, 2};
        Set<String> gone = Set.of("layer1.1", "layer3.0");
        float[] removed = logits(Gal.folded(NETWORK, norms, masks, gone));
        assertArrayEquals(logits(Gal.folded(NETWORK, norms, masks, Set.of())), removed, 1e-5f, "a removed block is one that adds zero");
        assertArrayEquals(logits(NETWORK), logits(Gal.folded(NETWORK, norms, new float[] {1, 1, 1, 1, 1, 1}, Set.of())));
        float[] dense = logits(NETWORK);
        assertTrue(IntStream.range(0, dense.length).anyMatch(i -> Math.abs(dense[i] - removed[i]) > 1e-3));
    }

    private static float[] logits(Network network) {
        return Calibration.of(network, DATA, 1, 8, 1).activations("linear", 0).values();
    }

    @Test
    void whatItCantDoIsNamed() {
        MethodContext vgg = MethodContext.of(Initial.network(Architecture.parse("vgg-16 channels=1"), 1), new FoundPlan(), new L1Norm(), new FT(.01), DATA,
                Recipe.ofPaper());
        String noBlocks = assertThrows(IllegalArgumentException.class, () -> new Gal(1, 1, .6).run(vgg)).getMessage();
        assertTrue(noBlocks.contains("removes residual blocks, and vgg-16 channels=1 has none"), noBlocks);
        String all = assertThrows(IllegalStateException.class, () -> new Gal(1, 1, 1e4).run(context(1))).getMessage();
        assertTrue(all.contains("masks of all 6 blocks") && all.contains("lower lambda"), all);
        String diverged = assertThrows(IllegalStateException.class, () -> new Gal(8, 1e5, 0).run(context(1))).getMessage();
        assertTrue(diverged.contains("diverged"), diverged);
        assertEquals("gal epochs=8 lambda=0.8", Method.parse("gal lambda=.8 epochs=8 mu=1").text());
    }
}
