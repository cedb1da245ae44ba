package org.espalier.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.espalier.model.CifarResNet;
import org.espalier.model.Vgg;
import org.junit.jupiter.api.Test;

/** The rule by which networks are computed. */
class ExecutionTest {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    @Test
    void onACpuResNetsAreComputedInSharesAndVggsInWholeBatchesPaddedToEight() {
        assumeTrue(OneDnn.missing().isEmpty(), "oneDNN is missing");
        Execution resNet = Execution.on(Device.cpu(), CifarResNet.of(20, 10));
        assertTrue(resNet.shares() && resNet.channelsLast());
        assertEquals(1, resNet.multiple());
        assertEquals(new Execution(true, 8), Execution.on(Device.cpu(), Vgg.of(10)));
        assertEquals(new Execution(true, 8), Execution.on(Device.gpu(), CifarResNet.of(20, 10)));
    }

    @Test
    void winogradsFilteringIsForProcessorsWithAvx2AndWithoutAvx512() throws IOException {
        assumeTrue(OneDnn.missing().isEmpty(), "oneDNN is missing");
        assumeTrue(Files.isReadable(PROCESSORS) && System.getenv("ONEDNN_MAX_CPU_ISA") == null, "there is no " + PROCESSORS + " to compare with");
        List<String> words = List.of(Files.readString(PROCESSORS).split("\\s+"));
        Execution resNet = Execution.on(Device.cpu(), CifarResNet.of(20, 10));
        assertEquals(words.contains("avx2") && !words.contains("avx512bw"), resNet.winograd());
        assertEquals(resNet.winograd(), resNet.text().endsWith(", Winograd's filtering"));
    }
}
