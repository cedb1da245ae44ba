package org.espalier.train.schedules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.families.CifarResNet;
import org.espalier.prune.Pruning;
import org.espalier.prune.criteria.L1Norm;
import org.espalier.prune.plans.UniformPlan;
import org.espalier.train.Budget;
import org.espalier.train.Schedule;
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

    /** Of BIMP's schedules, computed from their definitions as PyTorch's CosineAnnealingLR, LambdaLR and LinearLR step through them; ALLR for d / sqrt(s) = 0.6. */
    @ParameterizedTest
    @CsvSource({
        "0, 0.000000, 0.000000, 0.000000, 0.000000", "1, 0.004685, 0.004685, 0.004685, 0.002811", "3, 0.037064, 0.037064, 0.037064, 0.022238",
        "5, 0.078685, 0.078685, 0.078685, 0.047211", "7, 0.099811, 0.099811, 0.099811, 0.059886", "8, 0.100000, 0.099963, 0.098765, 0.059259",
        "20, 0.100000, 0.090770, 0.080246, 0.048148", "31, 0.100000, 0.070545, 0.063271, 0.037963", "32, 0.100000, 0.068328, 0.061728, 0.037037",
        "39, 0.100000, 0.051939, 0.050926, 0.030555", "40, 0.010000, 0.049540, 0.049382, 0.029629", "55, 0.010000, 0.016882, 0.026234, 0.015741",
        "71, 0.001000, 0.001058, 0.001543, 0.000926"})
    void bimpsFlavoursHaveTheirGoldenRates(int epoch, double slr, double clr, double llr, double allr) {
        assertEquals(slr, rate(Schedule.parse("bimp-slr"), epoch, E72), 1e-6);
        assertEquals(clr, rate(Schedule.parse("bimp-clr"), epoch, E72), 1e-6);
        assertEquals(llr, rate(Schedule.parse("bimp-llr"), epoch, E72), 1e-6);
        assertEquals(allr, rate(Schedule.parse("allr scaling=0.6"), epoch, E72), 1e-6);
        assertEquals(.9, Schedule.parse("bimp-clr").momentum(epoch * 782L, E72));
    }

    @Test
    void bimpsScaledScheduleDropsAtTheStepsOfTheResampledOriginal() {
        Schedule slr = Schedule.parse("bimp-slr");
        assertEquals(.1, slr.learningRate(30_966, E72), 1e-9);
        assertEquals(.01, slr.learningRate(30_967, E72), 1e-9);
        assertEquals(.01, slr.learningRate(43_635, E72), 1e-9);
        assertEquals(.001, slr.learningRate(43_636, E72), 1e-9);
        assertEquals(.001, slr.learningRate(56_303, E72), 1e-9);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.100000, 0.100000, 0.01", "1, 0.098611, 0.099301, 0.01", "8, 0.088889, 0.094118, 0.01", "20, 0.072222, 0.083871, 0.01",
        "31, 0.056944, 0.072566, 0.01", "35, 0.051389, 0.067890, 0.01", "36, 0.05, 0.066667, 0.001", "40, 0.044444, 0.061538, 0.001",
        "53, 0.026389, 0.041758, 0.001", "54, 0.025, 0.04, 0.0001", "71, 0.001389, 0.002740, 0.0001"})
    void linearRexAndStepsHaveTheirGoldenRates(int epoch, double linear, double rex, double steps) {
        assertEquals(linear, rate(Schedule.parse("linear"), epoch, E72), 1e-6);
        assertEquals(rex, rate(Schedule.parse("rex"), epoch, E72), 1e-6);
        assertEquals(steps, rate(Schedule.parse("ft-step"), epoch, E72), 1e-9);
        assertEquals(.01, rate(Schedule.parse("constant rate=0.01"), epoch, E72));
    }

    @Test
    void wangsFineTuningDropsAtEpochs60And90Of120() {
        assertEquals(List.of(0, 60, 90), drops(StepFT.ofWang(), new Budget(120, 10)));
    }

    @Test
    void twoNamesOfTheSameRatesAreOneExperiment() {
        assertEquals("ft rate=0.01", Schedule.parse("constant rate=0.01").text());
        assertEquals("llr warmUp=0.0", Schedule.parse("linear").text());
        assertEquals("ft", Schedule.parse("bimp-ft").text());
        assertEquals("lrw epochs=20", Schedule.parse("bimp-lrw epochs=20").text());
    }

    @Test
    void allrStartsWhereTheDropOfTheNormSays() {
        Network dense = Initial.network(CifarResNet.of(8, 10), 1);
        Network pruned = Pruning.prune(dense, new UniformPlan(.5), new L1Norm());
        ALLR allr = ALLR.after(StepDecay.cifar());
        double share = 1 - (double) nonZero(pruned) / nonZero(dense);
        double expected = Math.sqrt(1 - squares(pruned) / squares(dense)) / Math.sqrt(share);
        assertEquals(expected, allr.resolve(dense, pruned).scaling().orElseThrow(), 1e-9);
        Budget tiny = new Budget(16, 100);
        assertEquals(Math.min(.1, Math.max(.01, .1 * expected)), allr.resolve(dense, pruned).learningRate(160, tiny), 1e-9);
        assertEquals(allr.resolve(dense, pruned), Schedule.parse(allr.resolve(dense, pruned).text()));
    }

    @Test
    void allrStaysBetweenTheShareOfTheEpochsAndTheFirstRate() {
        assertEquals(.1 * 40 / 160, Schedule.parse("allr scaling=0.01").learningRate(4 * 782, new Budget(40, 782)), 1e-9);
        assertEquals(.1, Schedule.parse("allr scaling=3").learningRate(4 * 782, new Budget(40, 782)), 1e-9);
        assertEquals(.1, Schedule.parse("allr scaling=0.5").learningRate(20 * 782, new Budget(200, 782)), 1e-9);
    }

    @Test
    void allrNeedsToKnowWhatPruningTook() {
        Schedule allr = Schedule.parse("allr");
        assertTrue(assertThrows(IllegalStateException.class, () -> allr.learningRate(5, E72)).getMessage().contains("resolve(original, pruned)"));
        Network dense = Initial.network(CifarResNet.of(8, 10), 1);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> allr.resolve(dense, dense)).getMessage().contains("it took nothing"));
        assertEquals("slr", Schedule.parse("slr").resolve(dense, dense).text());
    }

    @ParameterizedTest
    @CsvSource({"0, 0.04", "0.2, 0.040059", "0.488, 0.066416", "0.5, 0.07", "0.738, 0.099664", "0.9, 0.099999"})
    void silosRateGrowsWithWhatIsGone(double pruned, double peak) {
        SILO silo = new SILO(.04, .06, 5, OptionalDouble.of(pruned));
        Budget budget = new Budget(160, 704);
        assertEquals(peak / (14 * 704), rate(silo, 0, budget), 1e-9);
        assertEquals(peak / 2, rate(silo, 7, budget), 2e-5);
        assertEquals(peak, rate(silo, 14, budget), 1e-6);
        assertEquals(List.of(0, 80, 120), drops(silo, budget));
        assertEquals(peak / 100, rate(silo, 159, budget), 1e-8);
    }

    @Test
    void siloNeedsToKnowWhatPruningTook() {
        assertTrue(assertThrows(IllegalStateException.class, () -> Schedule.parse("silo").learningRate(0, E72)).getMessage().contains("resolve(original, pruned)"));
        Network dense = Initial.network(CifarResNet.of(8, 10), 1);
        Network pruned = Pruning.prune(dense, new UniformPlan(.5), new L1Norm());
        SILO silo = SILO.ofPaper().resolve(dense, pruned);
        assertEquals(1 - (double) nonZero(pruned) / nonZero(dense), silo.pruned().orElseThrow(), 1e-12);
        assertEquals(silo, Schedule.parse(silo.text()));
    }

    @Test
    void withoutAWarmUpTheFirstRateIsTheHighest() {
        assertEquals(.1, Schedule.parse("slr warmUp=0").learningRate(0, E72));
        assertEquals(.1, Schedule.parse("clr warmUp=0").learningRate(0, E72), 1e-9);
        assertEquals(.1, Schedule.parse("llr warmUp=0").learningRate(0, E72));
        assertEquals(.1, Schedule.parse("bimp-slr").learningRate(0, new Budget(1, 5)));
        assertEquals(List.of(0, 36, 54), drops(Schedule.parse("slr warmUp=0"), E72));
    }

    @Test
    void whatTheOriginalDefinesFollowsTheOneThatIsGiven() {
        assertEquals("allr epochs=16", Schedule.parse("allr", "step epochs=16").text());
        assertEquals("bimp-slr epochs=16", Schedule.parse("bimp-slr", "step epochs=16").text());
        assertEquals("bimp-slr epochs=20", Schedule.parse("bimp-slr epochs=20", "step epochs=16").text());
        assertEquals("clr", Schedule.parse("clr", "step epochs=16").text());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Schedule.parse("lrw", "clr")).getMessage().contains("not by 'clr'"));
    }

    private static double squares(Network network) {
        return trained(network).map(value -> value * value).sum();
    }

    private static long nonZero(Network network) {
        return trained(network).filter(value -> value != 0).count();
    }

    private static DoubleStream trained(Network network) {
        return network.weights().tensors().entrySet().stream().filter(tensor -> !tensor.getKey().contains("running"))
                .flatMapToDouble(tensor -> IntStream.range(0, tensor.getValue().size()).mapToDouble(i -> tensor.getValue().at(i)));
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
            assertTrue((rate > 0 || rate == 0 && schedule instanceof BIMP) && rate <= .1 + 1e-12, schedule.text() + " has " + rate + " at step " + step + " of " + budget);
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
                .contains("known are ft, lrw, slr, clr, step, llr, cosine, constant, "));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Schedule.parse("clr peak=1")).getMessage()
                .contains("clr has no 'peak'; it has lowest, highest, last, warmUp, cycleMomentum"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Schedule.parse("bimp-cler")).getMessage().contains("did you mean bimp-clr?"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Schedule.parse("constant")).getMessage().contains("constant rate=0.01"));
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
                LLR.ofZimmer(), CosineDecay.standard(), LLR.linear(), REX.standard(), StepFT.ofWang(), new StepFT(.05, .2, List.of(.9)),
                new BIMP(BIMP.Shape.SLR, StepDecay.cifar()), new BIMP(BIMP.Shape.CLR, StepDecay.imageNet()), new BIMP(BIMP.Shape.LLR, StepDecay.cifar(20)));
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
