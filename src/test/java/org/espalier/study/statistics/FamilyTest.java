package org.espalier.study.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.espalier.study.Fixtures;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.junit.jupiter.api.Test;

class FamilyTest {
    private static final String BEATS = """
            # one family
            claim  = CLR beats FT
            first  = plan=uniform(.5); criterion=l1; schedule=clr; epochs=4
            second = plan=uniform(0.5); criterion=l1; schedule=ft; epochs=4
            expect = above 0
            """;
    private static final String CONTROLLED = """
            claim  = it is about pruning   # a remark
            first  = plan=uniform(0.5); schedule=clr; epochs=4
            second = plan=uniform(0.5); schedule=ft; epochs=4
            control first  = plan=uniform(0.0); schedule=clr; epochs=2
            control second = plan=uniform(0.0); schedule=ft; epochs=2
            expect = above 0
            """;
    private static final double[] NOISE = {.0, .1, -.1, .05, -.05};

    /** A result with this change, in points. */
    private static Result result(String plan, String schedule, int epochs, long seed, double change) {
        Result any = Fixtures.result(Spec.original("sample", "cifar-resnet-8").retrained(plan, "l1", schedule, epochs).with("seed", seed));
        return new Result(any.spec(), .8, .5, .8 + change / 100, any.best(), any.bestEpoch(), any.split(), any.parameters(), any.macs(), "", 1,
                any.history(), any.provenance());
    }

    private static List<Result> results(double ft, double clr, double unprunedFt, double unprunedClr) {
        List<Result> results = new ArrayList<>();
        for (int seed = 1; seed <= 5; seed++) {
            double noise = NOISE[seed - 1];
            results.add(result("uniform(0.5)", "ft", 4, seed, ft));
            results.add(result("uniform(0.5)", "clr", 4, seed, clr + noise));
            results.add(result("uniform(0.5)", "clr", 2, seed, clr - 1));
            results.add(result("uniform(0.0)", "ft", 2, seed, unprunedFt));
            results.add(result("uniform(0.0)", "clr", 2, seed, unprunedClr - noise));
        }
        return results;
    }

    @Test
    void aDifferenceIsJudgedBySeed() {
        Claim claim = Family.parse(BEATS).judge(results(-3, -1, 0, 0)).get(0);
        assertEquals("CLR beats FT", claim.text());
        assertEquals(2, claim.paired().mean(), 1e-9);
        assertEquals(Verdict.HOLDS, claim.verdict());
        assertEquals(Verdict.DOES_NOT, Family.parse(BEATS).judge(results(-1, -3, 0, 0)).get(0).verdict());
    }

    @Test
    void aControlIsTakenOff() {
        Claim claim = Family.parse(CONTROLLED).judge(results(-3, -1, 0, 2)).get(0);
        assertEquals(0, claim.paired().mean(), 1e-9);
        assertEquals(Verdict.UNDECIDED, claim.verdict());
        assertEquals(2.5, Family.parse(CONTROLLED).judge(results(-3, -1, 0, -.5)).get(0).paired().mean(), 1e-9);
    }

    @Test
    void severalBudgetsCountWithTheirMean() {
        Arm arm = Arm.parse("plan=uniform(0.5); schedule=clr; epochs=2 | 4");
        assertEquals(-1.5, arm.changes(results(-3, -1, 0, 0)).get(1L), 1e-9);
        List<Result> lacking = results(-3, -1, 0, 0).stream().filter(result -> result.spec().seed() != 1 || result.spec().epochs() != 2).toList();
        assertEquals(4, arm.changes(lacking).size(), "a seed that lacks a budget doesn't count");
    }

    @Test
    void boundsOtherThanZeroAreTested() {
        String equal = BEATS.replace("above 0", "within 0.5");
        assertEquals(Verdict.HOLDS, Family.parse(equal).judge(results(-1, -.9, 0, 0)).get(0).verdict());
        assertTrue(Family.parse(equal).judge(results(-1, -.9, 0, 0)).get(0).pValue() < .05);
        Claim refuted = Family.parse(equal).judge(results(-1, 3, 0, 0)).get(0);
        assertEquals(Verdict.DOES_NOT, refuted.verdict());
        assertTrue(refuted.pValue() > .95, "the margins are not kept: " + refuted.pValue());
        String notWorse = BEATS.replace("above 0", "above -0.5");
        assertEquals(Verdict.HOLDS, Family.parse(notWorse).judge(results(-1, -1.1, 0, 0)).get(0).verdict());
    }

    @Test
    void allTestsCountAmongThoseThatAreCorrected() {
        double alone = Family.parse(BEATS).judge(results(-3, -1, 0, 0)).get(0).pValue();
        String more = BEATS + "\n" + BEATS.replace("CLR beats FT", "not measured").replace("epochs=4", "epochs=99");
        List<Claim> claims = Family.parse(more).judge(results(-3, -1, 0, 0));
        assertEquals(2 * alone, claims.get(0).pValue(), 1e-12);
        assertEquals(Verdict.UNDECIDED, claims.get(1).verdict());
    }

    @Test
    void whatCantBeReadIsNamedWithItsLine() {
        assertMessage("line 3", BEATS.replace("first ", "frist "));
        assertMessage("no 'expect'", BEATS.replace("expect = above 0\n", ""));
        assertMessage("is no expectation", BEATS.replace("above 0", "positive"));
        assertMessage("is no schedule", BEATS.replace("schedule=clr", "schedule=warm"));
        assertMessage("a name of its own", BEATS + "\n" + BEATS);
        assertMessage("one side of a control", CONTROLLED.replace("control second", "# control second"));
        assertMessage("at least one test", "# nothing\n");
    }

    @Test
    void twoResultsOfOneSeedAreRefused() {
        List<Result> twice = new ArrayList<>(results(-3, -1, 0, 0));
        Result other = Fixtures.result(twice.get(0).spec().with("data", "other"));
        twice.add(other);
        var error = assertThrows(IllegalArgumentException.class, () -> Family.parse(BEATS).judge(twice));
        assertTrue(error.getMessage().contains("with seed 1"), error.getMessage());
    }

    private static void assertMessage(String part, String text) {
        var error = assertThrows(IllegalArgumentException.class, () -> Family.parse(text));
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }
}
