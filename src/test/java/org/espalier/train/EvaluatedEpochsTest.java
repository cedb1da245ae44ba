package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.util.List;
import java.util.function.IntPredicate;
import org.espalier.data.Dataset;
import org.espalier.engine.Execution;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.families.CifarResNet;
import org.espalier.train.schedules.CLR;
import org.junit.jupiter.api.Test;

class EvaluatedEpochsTest {
    private static final Dataset DATA = TrainingTest.stripes(100);
    private static final Network NETWORK = Initial.network(CifarResNet.of(8, 2), 1);

    private static Run run(Dataset data, IntPredicate evaluated) {
        try (Training training = Training.start(NETWORK, CLR.ofPaper(), 4, data, Recipe.ofPaper().withBatch(32)).evaluating(evaluated)) {
            while (!training.isDone()) {
                training.nextEpoch();
            }
            return training.run();
        }
    }

    @Test
    void evaluatingOnlySomeEpochsChangesNoBitOfTheOthersNorAWeight() {
        for (Dataset data : List.of(DATA, DATA.withValidation(.2, 1))) {
            Run every = run(data, epoch -> true);
            Run some = run(data, epoch -> epoch == 2);
            assertEquals(every.network(), some.network());
            assertEquals(List.of(false, true, false, true), some.history().stream().map(Epoch::isEvaluated).toList());
            for (int epoch : new int[] {1, 3}) {
                assertEquals(every.history().get(epoch).testLoss(), some.history().get(epoch).testLoss());
                assertEquals(every.history().get(epoch).testAccuracy(), some.history().get(epoch).testAccuracy());
                assertEquals(every.history().get(epoch).validationAccuracy(), some.history().get(epoch).validationAccuracy());
            }
            assertEquals(every.history().get(0).trainLoss(), some.history().get(0).trainLoss());
            assertTrue(List.of(2, 4).contains(some.bestEpoch().number()), "best among those that were evaluated");
        }
    }

    @Test
    void theLastEpochIsAlwaysEvaluated() {
        assertTrue(run(DATA, epoch -> false).lastEpoch().isEvaluated());
    }

    @Test
    void aTrainingGoesOnUnderTheOtherSetting() {
        Execution execution = Execution.on(Device.cpu(), NETWORK.architecture());
        Recipe recipe = Recipe.ofPaper().withBatch(32);
        TrainingState state;
        try (Training first = Training.start(TrainingSetup.of(NETWORK, CLR.ofPaper(), 4, DATA, recipe).on(Device.cpu(), execution))
                .evaluating(epoch -> false)) {
            first.nextEpoch();
            first.nextEpoch();
            state = first.state();
        }
        try (Training second = Training.resume(state, TrainingSetup.of(NETWORK, CLR.ofPaper(), 4, DATA, recipe).on(Device.cpu(), execution))) {
            second.nextEpoch();
            second.nextEpoch();
            assertEquals(List.of(false, false, true, true), second.run().history().stream().map(Epoch::isEvaluated).toList());
            assertEquals(run(DATA, epoch -> true).network(), second.run().network());
        }
    }
}
