package org.espalier.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.espalier.study.HeldEqual.Aspect;
import org.junit.jupiter.api.Test;

/** MACs of ResNet-56 (125,485,696 with its plans' as published) times epochs. */
class TotalCostTest {
    private static final Spec SPEC = Spec.original("cifar10", "cifar-resnet-56").retrained("R56-B", "l1", "clr", 40);
    private static final double DENSE = 125_485_696;
    private static final double LEFT = 90_907_264;

    @Test
    void aOneShotResultCostsPretrainingAndRetraining() {
        TotalCost cost = TotalCost.of(SPEC);
        assertEquals(new TotalCost.Part(160, 160 * DENSE), cost.pretraining());
        assertEquals(new TotalCost.Part(0, 0), cost.pruning());
        assertEquals(new TotalCost.Part(40, 40 * LEFT), cost.retraining());
        assertEquals("160 + 0 + 40 = 200 epochs, 2.371e+10 MAC-epochs", cost.toString());
        assertEquals(40 * LEFT, cost.pruningAndRetraining().macEpochs());
        assertEquals(new TotalCost.Part(160, 160 * DENSE), TotalCost.of(SPEC.parent()).all());
    }

    @Test
    void aMethodsOwnTrainingsCountAtTheirWidths() {
        TotalCost rounds = TotalCost.of(SPEC.with("plan", "R56-I").with("method", "iterative rounds=3 epochs=10"));
        assertEquals(20, rounds.pruning().epochs());
        assertTrue(rounds.pruning().macEpochs() < 20 * DENSE && rounds.pruning().macEpochs() > 20 * .5 * DENSE, rounds.toString());
        TotalCost scratch = TotalCost.of(SPEC.with("method", "sfp"));
        assertEquals(0, scratch.pretraining().epochs());
        assertEquals(new TotalCost.Part(50, 50 * DENSE), scratch.pruning());
        assertEquals(160, TotalCost.of(SPEC.with("method", "sfp start=pretrained")).pretraining().epochs());
    }

    @Test
    void whatNobodyKnowsIsNoNumber() {
        assertTrue(Double.isNaN(TotalCost.of(SPEC.with("weights", "sha256:0123456789abcdef")).all().epochs()));
        Spec found = SPEC.with("plan", "found").with("method", "slimming start=pretrained");
        assertEquals("160 + 40 + 40 = 240 epochs, ? MAC-epochs", TotalCost.of(found).toString());
        Result any = Fixtures.result(found);
        Result result = new Result(found, .9, .5, .9, .9, 1, "test", any.parameters(), any.macs(), "", 1, found.id(), any.provenance(),
                "cifar-resnet-56 inner=27*8", List.of());
        assertTrue(TotalCost.of(result).retraining().macEpochs() < 40 * DENSE);
    }

    @Test
    void whatAComparisonHoldsEqualFollowsFromItsResults() {
        HeldEqual schedules = HeldEqual.of(List.of(result(SPEC, 1), result(SPEC.with("schedule", "ft"), 1)));
        assertTrue(schedules.rows().stream().allMatch(row -> row.isEqual() == (row.aspect() != Aspect.SCHEDULE)), schedules.toString());
        HeldEqual methods = HeldEqual.of(List.of(result(SPEC, 1), result(SPEC.with("method", "sfp"), 1), result(SPEC.parent(), 1)));
        assertTrue(methods.holds(Aspect.RETRAINING_EPOCHS) && methods.holds(Aspect.PARAMETERS));
        assertFalse(methods.holds(Aspect.BASE_NETWORK) || methods.holds(Aspect.PRUNING_AND_RETRAINING) || methods.holds(Aspect.ALL_EPOCHS));
        assertTrue(methods.toString().contains("epochs in all (90 to 200)"), methods.toString());
        assertFalse(HeldEqual.of(List.of(result(SPEC, 1), result(SPEC.with("criterion", "random"), 2))).holds(Aspect.SEEDS));
        assertThrows(IllegalArgumentException.class, () -> HeldEqual.of(List.of(result(SPEC.parent(), 1))));
    }

    private static Result result(Spec spec, long seed) {
        Spec seeded = spec.isOriginal() ? spec : spec.with("seed", seed);
        return new Result(seeded, .9, .5, .9, .9, 1, "test", 700_000, 90_000_000, "", 1, seeded.id(), Fixtures.result(spec).provenance());
    }
}
