package org.espalier.study.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Against SciPy 1.17 (stats.t, ttest_1samp, nct) and NumPy's percentile. */
class StatisticsTest {
    private static final double EXACT = 1e-9;
    private static final double[] FIVE = {.41, .29, .55, .12, .38};
    private static final double[] EIGHT = {1.2, -.7, .4, 2.2, .9, -.1, 1.7, .3};

    @Test
    void meanAndStandardDeviation() {
        assertEquals(.35, Statistics.mean(FIVE), EXACT);
        assertEquals(.15890248582070704, Statistics.standardDeviation(FIVE), EXACT);
        assertEquals(.9545941546018392, Statistics.standardDeviation(EIGHT), EXACT);
    }

    @Test
    void studentsInterval() {
        assertInterval(.15269650413134395, .547303495868656, Statistics.tInterval(.95, FIVE));
        assertInterval(.02281758543409451, .6771824145659054, Statistics.tInterval(.99, FIVE));
        assertInterval(-.0605606849125645, 1.5355606849125647, Statistics.tInterval(.95, EIGHT));
    }

    @Test
    void pValues() {
        assertEquals(.007900024478177139, Statistics.pValue(0, FIVE), EXACT);
        assertEquals(.2321177447936434, Statistics.pValue(.25, FIVE), EXACT);
        assertEquals(.06514014661888821, Statistics.pValue(0, EIGHT), EXACT);
        assertEquals(1, Statistics.pValue(2, 2, 2, 2));
        assertEquals(0, Statistics.pValue(0, 2, 2, 2));
    }

    @Test
    void theBootstrapOfFewValuesCountsEveryResample() {
        assertInterval(.222, .466, Statistics.bootstrapInterval(.95, 1, FIVE));
        assertInterval(.24, .454, Statistics.bootstrapInterval(.9, 2, FIVE));
    }

    @Test
    void theBootstrapOfManyValuesDependsOnItsSeedAlone() {
        Interval interval = Statistics.bootstrapInterval(.95, 1, EIGHT);
        assertEquals(interval, Statistics.bootstrapInterval(.95, 1, EIGHT));
        assertTrue(Statistics.tInterval(.95, EIGHT).low() < interval.low() && interval.high() < Statistics.tInterval(.95, EIGHT).high());
    }

    @Test
    void powerOfThePairedTest() {
        assertEquals(.7107026739256758, Power.of(5, 1.5, .05), EXACT);
        assertEquals(.47074943127843494, Power.of(3, 2, .05), EXACT);
        assertEquals(.09280915505633605, Power.of(2, 1, .05), EXACT);
        assertEquals(.6162327634744058, Power.of(10, .8, .05), EXACT);
        assertEquals(.8077775012792738, Power.of(34, .5, .05), EXACT);
        assertEquals(.5905710180850183, Power.of(200, .2, .01), EXACT);
        assertEquals(.843505876433301, Power.of(20, -.7, .05), EXACT);
    }

    @Test
    void pairsNeeded() {
        assertEquals(5, Power.pairsNeeded(2, .8, .05).orElseThrow());
        assertEquals(10, Power.pairsNeeded(1, .8, .05).orElseThrow());
        assertEquals(15, Power.pairsNeeded(.8, .8, .05).orElseThrow());
        assertEquals(34, Power.pairsNeeded(-.5, .8, .05).orElseThrow());
        assertEquals(199, Power.pairsNeeded(.2, .8, .05).orElseThrow());
        assertTrue(Power.pairsNeeded(.001, .8, .05).isEmpty());
        assertTrue(Power.pairsNeeded(0, .8, .05).isEmpty());
    }

    @Test
    void holmsCorrection() {
        assertArrayEquals(new double[] {.04, .09, .09, .025, .5}, Statistics.holm(.01, .04, .03, .005, .5), EXACT);
        assertArrayEquals(new double[] {1, 1}, Statistics.holm(.6, .7), EXACT);
    }

    @Test
    void tooFewOrBrokenValuesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Statistics.tInterval(.95, 1));
        assertThrows(IllegalArgumentException.class, () -> Statistics.mean());
        assertThrows(IllegalArgumentException.class, () -> Statistics.mean(1, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Power.of(1, 1, .05));
    }

    private static void assertInterval(double low, double high, Interval interval) {
        assertEquals(low, interval.low(), EXACT);
        assertEquals(high, interval.high(), EXACT);
    }
}
