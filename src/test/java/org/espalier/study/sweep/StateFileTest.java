package org.espalier.study.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.espalier.model.CifarResNet;
import org.espalier.model.Initial;
import org.espalier.model.Names;
import org.espalier.model.Network;
import org.espalier.model.Shortcut;
import org.espalier.model.Weights;
import org.espalier.train.Evaluation;
import org.espalier.train.TrainingState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
    @TempDir
    Path folder;

    @Test
    void aNetworkComesBackWithTheNamesOfItsFile() {
        Network own = Initial.network(CifarResNet.dense(8, List.of(2, 2, 2), 1, 2, Shortcut.SUBSAMPLE), 1);
        for (Names names : List.of(Names.OWN, new Names(Map.of("linear.weight", "fc.weight")))) {
            Network network = own.with(names);
            var state = new TrainingState(network, network, new Evaluation(1, 2, .5), new Weights(Map.of()), .1, List.of());
            StateFile.write(state, "same", folder.resolve("state"));
            assertEquals(network, StateFile.read(folder.resolve("state"), "same").network());
        }
    }
}
