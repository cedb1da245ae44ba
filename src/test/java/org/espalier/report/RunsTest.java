package org.espalier.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CancellationException;
import org.espalier.Espalier;
import org.espalier.data.Dataset;
import org.espalier.model.Architecture;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.train.schedules.FT;
import org.espalier.train.Run;
import org.espalier.train.hooks.TrainingContext;
import org.espalier.train.hooks.TrainingHook;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

/** Runs outside of sweeps: compared, named, and broken off. */
class RunsTest {
    private static final Dataset DATA = Espalier.sample().take(2, 2);
    private static final Network NETWORK = Initial.network(Architecture.parse("cifar-resnet-8 stages=4,4,4 channels=1"), 1);

    private static Run retrain(int epochs, TrainingHook... hooks) {
        return Espalier.retrain(NETWORK, new FT(.01), epochs, DATA, Espalier.recipe(), hooks);
    }

    @Test
    void runsStandSideBySideByTheirNames() {
        Run run = retrain(2);
        Table table = Espalier.table(run.named("mine"), run);
        assertEquals("mine", table.get(0, 0));
        assertEquals(run.schedule().label(), table.get(1, 0));
        assertEquals(100 * run.last(), table.doubleColumn("last, %").get(0));
        assertEquals(100 * run.best(), table.doubleColumn("best, %").get(0));
        assertTrue(run.named("mine").toString().startsWith("mine, 2 epochs"));
        assertTrue(Espalier.plot(run.named("mine")).asJavascript("plot").contains("mine"));
    }

    @Test
    void aFigureOfNothingSaysWhatIsMissing() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Espalier.plot(72)).getMessage().contains("plot(72, ft(), clr())"));
    }

    @Test
    void anInterruptedRetrainingGivesTheEpochsThatWereDone() {
        Run run = retrain(9, new Interrupting(3));
        assertEquals(2, run.history().size());
        assertEquals(retrain(9, new Interrupting(3)).network(), run.network());
        assertThrows(CancellationException.class, () -> retrain(9, new Interrupting(1)));
    }

    /** Interrupts its own thread within an epoch, as the stop button does. */
    private static final class Interrupting implements TrainingHook {
        private final int within;
        private int epochs;

        Interrupting(int within) {
            this.within = within;
        }

        @Override
        public void afterEpoch(TrainingContext context) {
            if (++epochs == within) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
