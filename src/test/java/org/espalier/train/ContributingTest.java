package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.GammaPenalty;
import com.acme.Warm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.espalier.model.CifarResNet;
import org.espalier.model.Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of CONTRIBUTING.md: they stand there as they are compiled here, and do what is said of them. */
class ContributingTest {

    @ParameterizedTest
    @ValueSource(strings = {"Warm", "GammaPenalty"})
    void theGuideShowsWhatIsTested(String example) throws Exception {
        String code = Files.readString(Path.of("src/test/java/com/acme/" + example + ".java"));
        assertTrue(Files.readString(Path.of("CONTRIBUTING.md")).contains("```java\n" + code + "```"), example);
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
