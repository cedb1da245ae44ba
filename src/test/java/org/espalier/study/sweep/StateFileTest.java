package org.espalier.study.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.espalier.model.Initial;
import org.espalier.model.Names;
import org.espalier.model.Network;
import org.espalier.model.Tensor;
import org.espalier.model.Weights;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Shortcut;
import org.espalier.train.Epoch;
import org.espalier.train.Evaluation;
import org.espalier.train.TrainingState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
    private static final Network NOW = Initial.network(CifarResNet.of(8, 2), 1);
    private static final Network BEST = Initial.network(CifarResNet.of(8, 2), 2);
    private static final List<Epoch> HISTORY = List.of(new Epoch(1, .1, 2, .5, OptionalDouble.empty(), 1.5, .6, 3));

    @TempDir
    Path folder;

    @Test
    void aStateReadsBackWithWhatItsHooksRemember() {
        Weights hooks = new Weights(Map.of("0.sum", Tensor.of(new float[] {1, -2}, 2), "1.mask", Tensor.filled(1, 2, 3)));
        assertEquals(state(hooks), written(state(hooks)));
    }

    @Test
    void aStateWithoutHooksReadsBack() {
        assertEquals(state(new Weights(Map.of())), written(state(new Weights(Map.of()))));
    }

    @Test
    void anotherTrainingsStateIsRefused() {
        StateFile.write(state(new Weights(Map.of())), "mine", folder.resolve("state"));
        assertThrows(IllegalArgumentException.class, () -> StateFile.read(folder.resolve("state"), "yours"));
    }

    private TrainingState written(TrainingState state) {
        StateFile.write(state, "mine", folder.resolve("state"));
        return StateFile.read(folder.resolve("state"), "mine");
    }

    private static TrainingState state(Weights hooks) {
        return new TrainingState(NOW, BEST, new Evaluation(3, OptionalInt.empty(), 10, 2.25), NOW.weights(), .1, HISTORY, hooks);
    }

    @Test
    void aNetworkComesBackWithTheNamesOfItsFile() {
        Network own = Initial.network(CifarResNet.dense(8, List.of(2, 2, 2), 1, 2, Shortcut.SUBSAMPLE), 1);
        for (Names names : List.of(Names.OWN, new Names(Map.of("linear.weight", "fc.weight")))) {
            Network network = own.with(names);
            var state = new TrainingState(network, network, new Evaluation(1, OptionalInt.empty(), 2, .5), new Weights(Map.of()), .1, List.of(), new Weights(Map.of()));
            StateFile.write(state, "same", folder.resolve("state"));
            assertEquals(network, StateFile.read(folder.resolve("state"), "same").network());
        }
    }
}
