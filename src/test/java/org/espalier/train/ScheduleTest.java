package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The golden numbers are those of the paper's code at 782 steps an epoch. */
class ScheduleTest {
    private static final Budget E72 = new Budget(72, 782);

    @ParameterizedTest
    @CsvSource({
        "0,  .001, .01,  .001000, .001000, .95000", "1,  .001, .01,  .005902, .005639, .94531", "3,  .001, .01,  .039485, .037700, .91293",
        "5,  .001, .01,  .081363, .078908, .87131", "7,  .001, .01,  .100000, .099814, .85019", "8,  .001, .01,  .1, .099962, .85004",
        "20, .001, .01,  .1, .090677, .85932", "31, .001, .01,  .1, .070248, .87975", "32, .001, .001, .1, .068009, .88199",
        "39, .001, .001, .01, .051456, .89855", "55, .001, .001, .001, .016048, .93396", "71, .001, .001, .001, .000069, .94994"})
    void theStartOfAnEpochHasTheGoldenRates(int epoch, double ft, double lrw, double slr, double clr, double momentum) {
        long step = epoch * 782L;
        assertEquals(ft, FT.ofPaper().learningRate(step, E72), 1e-6);
        assertEquals(lrw, new LRW(StepDecay.cifar()).learningRate(step, E72), 1e-6);
        assertEquals(slr, SLR.ofPaper().learningRate(step, E72), 1e-6);
        assertEquals(clr, CLR.ofPaper().learningRate(step, E72), 1e-6);
        assertEquals(momentum, CLR.ofPaper().momentum(step, E72), 1e-5);
    }

    @ParameterizedTest
    @CsvSource({"40, 4, 22, 31, 0, 0, .001", "56, 5, 30, 42, 0, 16, .01", "72, 7, 39, 55, 0, 32, .01", "88, 8, 47, 67, 8, 48, .1",
        "104, 10, 56, 80, 24, 64, .1", "120, 12, 66, 93, 40, 80, .1", "136, 13, 74, 104, 56, 96, .1", "152, 15, 83, 117, 72, 112, .1"})
    void everyBudgetDropsInTheEpochsOfThePaper(int epochs, int peak, int slrDrop, int slrSecond, int lrwDrop, int lrwSecond, double lrwStart) {
        Budget budget = new Budget(epochs, 782);
        assertEquals(List.of(0, slrDrop, slrSecond), drops(SLR.ofPaper(), budget));
        assertEquals(.1, rate(SLR.ofPaper(), peak, budget), 1e-6);
        assertTrue(rate(SLR.ofPaper(), peak - 1, budget) < .1 - 1e-6);
        assertEquals(.01, rate(SLR.ofPaper(), slrDrop, budget), 1e-6);
        assertEquals(.001, rate(SLR.ofPaper(), slrSecond, budget), 1e-6);
        var lrw = new LRW(StepDecay.cifar());
        assertEquals(lrwStart, rate(lrw, 0, budget), 1e-6);
        assertEquals(IntStream.of(0, lrwDrop, lrwSecond).distinct().boxed().toList(), drops(lrw, budget));
        assertEquals(.001, rate(lrw, epochs - 1, budget), 1e-6);
    }

    @Test
    void rewindingFartherThanTheOriginalWasLongAddsToItsHighestRate() {
        assertEquals(List.of(0, 120, 160), drops(new LRW(StepDecay.cifar()), new Budget(200, 10)));
    }

    @Test
    void theShortestBudgetsBeginWithTheHighestRate() {
        assertEquals(.1, StepDecay.cifar(1).learningRate(0));
        assertEquals(.1, StepDecay.cifar(2).learningRate(0));
        assertEquals(.1, SLR.ofPaper().learningRate(0, new Budget(1, 5)));
        assertEquals(.1, SLR.ofPaper().learningRate(0, new Budget(2, 5)));
    }

    @Test
    void imageNetDropsAtAThirdAndTwoThirds() {
        Budget budget = new Budget(45, 10);
        assertEquals(List.of(0, 17, 30), drops(SLR.imageNet(), budget));
        var lrw = new LRW(StepDecay.imageNet());
        assertEquals(.01, rate(lrw, 14, budget), 1e-6);
        assertEquals(.001, rate(lrw, 15, budget), 1e-6);
    }

    @Test
    void rewindingTheLastStageIsFineTuning() {
        Budget quarter = new Budget(40, 782);
        for (int epoch = 0; epoch < 40; epoch++) {
            assertEquals(rate(FT.ofPaper(), epoch, quarter), rate(new LRW(StepDecay.cifar()), epoch, quarter), 1e-12);
        }
    }

    @Property
    void cyclingEndsFarBelowWhereItStarted(@ForAll @IntRange(min = 1, max = 200) int epochs, @ForAll @IntRange(min = 11, max = 800) int steps) {
        Budget budget = new Budget(epochs, steps);
        assertEquals(1e-5, CLR.ofPaper().learningRate(budget.steps() - 1, budget), 1e-9);
        assertEquals(.95, CLR.ofPaper().momentum(budget.steps() - 1, budget), 1e-9);
    }

    @Property
    void everyRateIsPositiveAndAtMostTheHighest(@ForAll("schedules") Schedule schedule, @ForAll @IntRange(min = 1, max = 160) int epochs,
                                                @ForAll @IntRange(min = 1, max = 20) int steps) {
        Budget budget = new Budget(epochs, steps);
        for (long step = 0; step < budget.steps(); step++) {
            double rate = schedule.learningRate(step, budget);
            assertTrue(rate > 0 && rate <= .1 + 1e-12, schedule.text() + " has " + rate + " at step " + step + " of " + budget);
        }
    }

    @Property
    void aTextReadsBackAsItsSchedule(@ForAll("schedules") Schedule schedule) {
        assertEquals(schedule, Schedule.parse(schedule.text()));
    }

    @Test
    void defaultsAreLeftOutOfTheText() {
        assertEquals("ft", FT.ofPaper().text());
        assertEquals("lrw", new LRW(StepDecay.cifar()).text());
        assertEquals("lrw epochs=20", new LRW(StepDecay.cifar(20)).text());
        assertEquals("slr", SLR.ofPaper().text());
        assertEquals("slr drops=0.33,0.66", SLR.imageNet().text());
        assertEquals("clr", CLR.ofPaper().text());
        assertEquals("clr cycleMomentum=false", CLR.ofPaper().withConstantMomentum().text());
    }

    @Test
    void badArgumentsAreNamed() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Budget(0, 10)).getMessage().contains("0 x 10"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new FT(0)).getMessage().contains("0.0"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Schedule.parse("clrx")).getMessage()
                .contains("known are ft, lrw, slr, clr, step, llr, cosine, and classes of yours by their full name; did you mean clr?"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Schedule.parse("clr peak=1")).getMessage().contains("peak"));
    }

    /** What a reader would put into a jar. */
    public record Warm(double peak) implements Schedule {
        @Override
        public double learningRate(long step, Budget budget) {
            return peak * (step + 1) / budget.steps();
        }
    }

    @Test
    void aLambdaIsASchedule() {
        Schedule warm = (step, budget) -> .1 * (step + 1) / budget.steps();
        assertEquals(.1, warm.learningRate(9, new Budget(1, 10)));
        assertEquals(.9, warm.momentum(0, new Budget(1, 10)));
        assertEquals("schedule", warm.label());
        assertEquals("warm", Schedule.of("warm", warm).label());
        assertEquals(.1, Schedule.of("warm", warm).learningRate(9, new Budget(1, 10)));
    }

    @Test
    void aLambdaHasNoText() {
        Schedule warm = (step, budget) -> .1;
        assertTrue(assertThrows(IllegalStateException.class, warm::text).getMessage().contains("name it: "));
        String labelled = assertThrows(IllegalStateException.class, () -> Schedule.of("warm", warm).text()).getMessage();
        assertTrue(labelled.contains("'warm'") && labelled.contains("name it: "), labelled);
    }

    @Test
    void aRecordOfAReaderIsFoundByItsClass() {
        assertEquals(Warm.class.getName() + " peak=0.2", new Warm(.2).text());
        assertEquals(new Warm(.2), Schedule.parse(new Warm(.2).text()));
        assertEquals("Warm", new Warm(.2).label());
    }

    @Provide
    Arbitrary<Schedule> schedules() {
        return Arbitraries.of(FT.ofPaper(), new FT(.01), new LRW(StepDecay.cifar()),
                new LRW(StepDecay.imageNet()), new LRW(StepDecay.cifar(20)), SLR.ofPaper(),
                SLR.imageNet(), new SLR(.001, .1, 0, .1, List.of(.5, .75)), CLR.ofPaper(),
                CLR.ofPaper().withConstantMomentum(), CLR.ofPaper().withMaxRate(.05), StepDecay.cifar(), StepDecay.imageNet(),
                LLR.ofZimmer(), CosineDecay.standard());
    }

    private static double rate(Schedule schedule, int epoch, Budget budget) {
        return schedule.learningRate((long) epoch * budget.stepsPerEpoch(), budget);
    }

    /** Epoch 0 and every epoch that starts with a lower rate than the one before. */
    private static List<Integer> drops(Schedule schedule, Budget budget) {
        return IntStream.range(0, budget.epochs())
                .filter(epoch -> epoch == 0 || rate(schedule, epoch, budget) < rate(schedule, epoch - 1, budget) - 1e-9).boxed().toList();
    }
}
