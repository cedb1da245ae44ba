package org.espalier.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadTest {
    @Test
    void waitingIsNoWorkAndWhatAnotherMachineTookIs() {
        assertEquals(1 + 2 + 4 + 64 + 128 + 256, Load.work("cpu", "1", "2", "4", "8", "16", "64", "128", "256", "512", "1024"));
    }

    @Test
    void oneBusyProcessorIsTooManyAndAnIdleMachineIsQuiet() {
        assertFalse(Load.isBusy(0));
        assertTrue(Load.isBusy(Load.all()));
    }

    /** Nobody has worked, and this process says that it worked for an hour. */
    @Test
    void ourOwnWorkIsLeftOut() throws InterruptedException {
        assumeTrue(Files.isReadable(Path.of("/proc/stat")), "only Linux counts so");
        double[] own = {0};
        Load load = Load.besides(List.of(() -> own[0]));
        own[0] = 3600;
        Thread.sleep(20);
        assertEquals(0, load.processors());
    }
}
