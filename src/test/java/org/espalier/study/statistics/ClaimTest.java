package org.espalier.study.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.study.Fixtures;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.junit.jupiter.api.Test;

class ClaimTest {
    private static final Map<Long, Double> ZERO = Map.of(1L, 0., 2L, 0., 3L, 0., 4L, 0., 5L, 0.);
    private static final Map<Long, Double> CLEAR = Map.of(1L, .41, 2L, .29, 3L, .55, 4L, .12, 5L, .38);
    private static final Map<Long, Double> MIXED = Map.of(1L, .9, 2L, -.5, 3L, .4, 4L, -.1, 5L, .3);

    @Test
    void aClearDifferenceDecidesEitherWay() {
        assertEquals(Verdict.HOLDS, Claim.beats("a beats b", Paired.of(CLEAR, ZERO)).verdict());
        assertEquals(Verdict.DOES_NOT, Claim.beats("b beats a", Paired.of(ZERO, CLEAR)).verdict());
    }

    @Test
    void anIntervalAroundZeroIsUndecidedAndSaysHowManySeedsItTakes() {
        Claim claim = Claim.beats("a beats b", Paired.of(MIXED, ZERO));
        assertEquals(Verdict.UNDECIDED, claim.verdict());
        assertTrue(claim.seedsNeeded().getAsInt() > 5);
        assertTrue(claim.sentence().contains("about " + claim.seedsNeeded().getAsInt() + " seeds"), claim.sentence());
    }

    @Test
    void nothingBeatsWhatItEquals() {
        assertEquals(Verdict.DOES_NOT, Claim.beats("a beats a", Paired.of(CLEAR, CLEAR)).verdict());
        assertEquals(Verdict.HOLDS, Claim.equal("a equals a", Paired.of(CLEAR, CLEAR), .05).verdict());
        assertEquals(Verdict.DOES_NOT, Claim.equal("a equals b", Paired.of(CLEAR, ZERO), .05).verdict());
        assertEquals(Verdict.UNDECIDED, Claim.equal("a equals b", Paired.of(MIXED, ZERO), .05).verdict());
    }

    @Test
    void onlySeedsThatBothHaveCount() {
        Claim claim = Claim.beats("a beats b", Paired.of(CLEAR, Map.of(1L, 0., 9L, 0.)));
        assertEquals(Verdict.UNDECIDED, claim.verdict());
        assertTrue(claim.sentence().contains("1 seed has both"), claim.sentence());
    }

    @Test
    void aMixOfExperimentsIsToldInWhatItDiffersAndHowToChoose() {
        List<Result> mixed = Stream.of("l1", "random").map(criterion -> Fixtures.result(Spec.original("sample", "cifar-resnet-8")
                .retrained("uniform(0.5)", criterion, "clr", 4))).toList();
        var error = assertThrows(IllegalArgumentException.class, () -> Paired.of(mixed, mixed.subList(0, 1), Result::change));
        assertTrue(error.getMessage().contains("seed 1: of criterion l1 and of random") && error.getMessage().contains(".criterion().equals(\"l1\")"),
                error.getMessage());
    }

    @Test
    void amongManyClaimsAWeakOneBecomesUndecided() {
        Claim weak = Claim.beats("weak", Paired.of(Map.of(1L, .5, 2L, .1, 3L, .4, 4L, .2, 5L, .05), ZERO));
        assertEquals(Verdict.HOLDS, weak.verdict());
        List<Claim> corrected = Claim.corrected(List.of(weak, weak, Claim.beats("mixed", Paired.of(MIXED, ZERO))));
        assertEquals(Verdict.UNDECIDED, corrected.get(0).verdict());
        assertTrue(corrected.get(0).pValue() > weak.pValue());
    }

    @Test
    void theSentenceHasTheNumbers() {
        String sentence = Claim.beats("CLR beats FT", Paired.of(CLEAR, ZERO)).sentence();
        assertEquals("CLR beats FT: holds. The difference is 0.350 +- 0.20 (95 % interval 0.153 to 0.547; 5 seeds, paired; p = 0.0079, d_z = 2.20).",
                sentence);
    }
}
