package org.espalier.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.espalier.Espalier;
import org.espalier.model.Network;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class CostTest {

    @Test
    void theTimesOfBothRuntimesStandBesideWhatIsCounted() {
        Network network = Espalier.network("cifar-resnet-8 stages=8,8,16", 1);
        Table cost = Espalier.cost(network, Espalier.pruneL1(network, Espalier.uniform(.5)));
        for (String runtime : new String[] {"", "ONNX Runtime, "}) {
            assertTrue(cost.doubleColumn(runtime + "ms per image").min() > 0, cost.toString());
            assertEquals(1, cost.doubleColumn(runtime + "times faster").get(0));
        }
        assertTrue(cost.doubleColumn("MACs removed, %").get(1) > 10, cost.toString());
    }
}
