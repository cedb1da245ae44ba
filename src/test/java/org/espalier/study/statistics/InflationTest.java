package org.espalier.study.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.espalier.study.Fixtures;
import org.espalier.study.Result;
import org.junit.jupiter.api.Test;

class InflationTest {
    private static Result result(long seed, double last, double best, String split) {
        Result any = Fixtures.result(Fixtures.spec(seed));
        return new Result(any.spec(), .9, .5, last, best, Double.isNaN(best) ? 0 : 3, split, 1, 1, "", 1, any.history(), any.provenance());
    }

    @Test
    void theBestEpochAndTheBestSeedAreSetAgainstTheMeanOfTheLastEpoch() {
        Inflation inflation = Inflation.of(List.of(result(1, .80, .82, "test"), result(2, .84, .85, "test"), result(3, .88, Double.NaN, "test")));
        assertEquals(84, inflation.last(), 1e-9);
        assertEquals(4, inflation.bestOfSeeds(), 1e-9);
        assertEquals(2, inflation.evaluated(), "the third was evaluated at its budget only");
        assertEquals(1.5, inflation.bestEpoch(), 1e-9);
    }

    @Test
    void whatWasChosenOnAValidationSplitIsNotInflated() {
        assertEquals(0, Inflation.of(List.of(result(1, .8, .9, "validation"))).evaluated());
    }

    @Test
    void oneSeedHasNoBest() {
        Inflation inflation = Inflation.of(List.of(result(1, .8, Double.NaN, "test")));
        assertTrue(Double.isNaN(inflation.bestOfSeeds()) && Double.isNaN(inflation.bestEpoch()));
        assertThrows(IllegalArgumentException.class, () -> Inflation.of(List.of()));
    }
}
