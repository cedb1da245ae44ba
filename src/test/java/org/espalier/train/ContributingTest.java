package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.GammaPenalty;
import com.acme.MeanActivation;
import com.acme.Shrink;
import com.acme.TinyNet;
import com.acme.Warm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.espalier.data.Dataset;
import org.espalier.method.Method;
import org.espalier.method.MethodContext;
import org.espalier.method.MethodResult;
import org.espalier.model.Architecture;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.channels.ChannelGroup;
import org.espalier.model.channels.ResidualBlock;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.loading.Networks;
import org.espalier.prune.Calibration;
import org.espalier.prune.Criterion;
import org.espalier.prune.Pruning;
import org.espalier.prune.criteria.L1Norm;
import org.espalier.prune.plans.UniformPlan;
import org.espalier.train.schedules.FT;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of CONTRIBUTING.md: they stand there as they are compiled here, and do what is said of them. */
class ContributingTest {

    @ParameterizedTest
    @ValueSource(strings = {"TinyNet", "Warm", "GammaPenalty", "MeanActivation", "Shrink"})
    void theGuideShowsWhatIsTested(String example) throws Exception {
        String code = Files.readString(Path.of("src/test/java/com/acme/" + example + ".java"));
        assertTrue(Files.readString(Path.of("CONTRIBUTING.md")).contains("```java\n" + code + "```"), example);
    }

    @Test
    void theNetworkIsPrunedTrainedAndSavedLikeAnyOther(@TempDir Path folder) {
        Network network = Initial.network(new TinyNet(4, 3, 2), 1);
        assertEquals(List.of("stem", "block.expand"), network.architecture().groups().stream().map(ChannelGroup::name).toList());
        Network pruned = Pruning.prune(network, new UniformPlan(.5), new L1Norm());
        assertEquals(8, pruned.architecture().group("block.expand").width());
        Run run;
        try (Training training = Training.start(TrainingSetup.of(pruned, new Warm(.05), 1, TrainingTest.stripes(20), Recipe.ofPaper().withBatch(10)))) {
            training.nextEpoch();
            run = training.run();
        }
        Networks.save(run.network(), folder.resolve("tiny"));
        assertEquals(run.network(), Networks.load(folder.resolve("tiny")));
        assertEquals(Set.of("block"), Set.copyOf(network.architecture().blocks().stream().map(ResidualBlock::name).toList()));
        Architecture without = pruned.architecture().without(Set.of("block"));
        assertEquals(without, Architecture.parse(without.text()));
    }

    @Test
    void theScheduleWarmsUpAndReadsBackFromItsText() {
        Budget budget = new Budget(10, 10);
        assertEquals(.05 / 20, new Warm(.05).learningRate(0, budget), 1e-12);
        assertEquals(.05, new Warm(.05).learningRate(20, budget));
        assertEquals(new Warm(.05), Schedule.parse("com.acme.Warm peak=0.05"));
    }

    @Test
    void thePenaltyShrinksTheScales() {
        Network network = Steps.random(CifarResNet.of(8, 2), 1);
        TrainingSetup setup = TrainingSetup.of(network, new Warm(.05), 2, TrainingTest.stripes(50), Recipe.ofPaper().withBatch(25));
        assertTrue(scales(setup.withHooks(new GammaPenalty(.1))) < .95 * scales(setup));
        assertEquals("com.acme.GammaPenalty s=0.1", new GammaPenalty(.1).text());
    }

    @Test
    void theCriterionRanksByWhatChannelsPutOut() {
        Network network = Steps.random(CifarResNet.of(8, 2), 1);
        Dataset data = TrainingTest.stripes(50);
        float[] weights = network.weights().get("layer1.0.conv1.weight").values();
        Arrays.fill(weights, 3 * 16 * 9, 4 * 16 * 9, 0);
        Network silenced = new Network(network.architecture(), network.weights().with(Map.of("layer1.0.conv1.weight", Tensor.of(weights, 16, 16, 3, 3))));
        double[] scores = new MeanActivation().scores(silenced, silenced.architecture().group("layer1.0.conv1"), Calibration.of(silenced, data, 1));
        assertEquals(0, scores[3]);
        assertTrue(IntStream.range(0, 16).allMatch(channel -> channel == 3 || scores[channel] > 0));
        assertEquals(new MeanActivation(), Criterion.parse(new MeanActivation().text(), 1));
    }

    @Test
    void theMethodTrainsAndPrunes() {
        Network network = Steps.random(CifarResNet.of(8, 2), 1);
        Method shrink = Method.parse("com.acme.Shrink epochs=2 s=0.1");
        MethodResult result = shrink.run(MethodContext.of(network, new UniformPlan(.5), new L1Norm(), new FT(.01), TrainingTest.stripes(50),
                Recipe.ofPaper().withBatch(25)));
        assertEquals(new Shrink(2, .1), shrink);
        assertEquals(List.of(8, 16, 32), result.network().architecture().widths());
        assertEquals(2, result.epochs());
        assertEquals(2, shrink.epochs());
    }

    /** The sum of |gamma| after the training. */
    private static double scales(TrainingSetup setup) {
        try (Training training = Training.start(setup)) {
            while (!training.isDone()) {
                training.nextEpoch();
            }
            return training.run().network().weights().tensors().entrySet().stream()
                    .filter(tensor -> tensor.getKey().endsWith(".weight") && tensor.getValue().shape().length == 1)
                    .flatMapToDouble(tensor -> IntStream.range(0, tensor.getValue().size()).mapToDouble(i -> Math.abs(tensor.getValue().at(i)))).sum();
        }
    }
}
