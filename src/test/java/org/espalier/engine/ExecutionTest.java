package org.espalier.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.espalier.data.MemoryFormat;
import org.espalier.engine.cpu.FastPath;
import org.espalier.model.Architecture;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.families.Vgg;
import org.junit.jupiter.api.Test;

/** The rule by which networks are computed. */
class ExecutionTest {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    @Test
    void onACpuResNetsAreShardedAndConcatenationsAreWholeBatchesPaddedToEight() {
        assumeTrue(FastPath.obstacle(CifarResNet.of(20, 10)).isEmpty(), "oneDNN is missing");
        Execution resNet = Execution.on(Device.cpu(), CifarResNet.of(20, 10));
        assertTrue(resNet instanceof Execution.Sharded);
        Execution padded = new Execution.WholeBatch(MemoryFormat.CHANNELS_LAST, 8);
        assertEquals(new Execution.Sharded(true), Execution.on(Device.cpu(), Vgg.of(10)));
        assertEquals(padded, Execution.on(Device.cpu(), Architecture.parse("densenet-121")));
        assertEquals(padded, Execution.on(Device.gpu(), CifarResNet.of(20, 10)));
    }

    @Test
    void theRuleIsOverriddenByTheNameOfAnEngineThatCanComputeTheNetwork() {
        assumeTrue(FastPath.obstacle(CifarResNet.of(20, 10)).isEmpty(), "oneDNN is missing");
        assertTrue(Execution.on(Device.cpu(), CifarResNet.of(20, 10), "plain") instanceof Execution.WholeBatch);
        assertTrue(Execution.on(Device.cpu(), Vgg.of(10), "fast") instanceof Execution.Sharded);
        Architecture dense = Architecture.parse("densenet-121");
        String refused = assertThrows(IllegalArgumentException.class, () -> Execution.on(Device.cpu(), dense, "fast")).getMessage();
        assertTrue(refused.contains("ESPALIER_ENGINE is fast") && refused.contains("concatenated"), refused);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Execution.on(Device.cpu(), dense, "quick")).getMessage().contains("'quick'"));
    }

    /** Results are recorded with them. */
    @Test
    void textsStayAsTheyAre() {
        assertEquals("channels-first", new Execution.WholeBatch(MemoryFormat.CONTIGUOUS, 1).text());
        assertEquals("channels-last", new Execution.WholeBatch(MemoryFormat.CHANNELS_LAST, 1).text());
        assertEquals("channels-last, widths padded to 8", new Execution.WholeBatch(MemoryFormat.CHANNELS_LAST, 8).text());
        assertEquals("channels-last, a share of the batch per thread by " + FastPath.library(), new Execution.Sharded(false).text());
        assertEquals(new Execution.Sharded(false).text() + ", Winograd's filtering", new Execution.Sharded(true).text());
    }

    @Test
    void widthsAreNotPaddedToMultiplesOutOfRange() {
        for (int multiple : new int[] {0, 1025}) {
            String message = assertThrows(IllegalArgumentException.class, () -> new Execution.WholeBatch(MemoryFormat.CHANNELS_LAST, multiple)).getMessage();
            assertTrue(message.contains("not " + multiple), message);
        }
    }

    @Test
    void winogradsFilteringIsForWideNetworksAndBesideAvx2ForNarrowOnesToo() throws IOException {
        assumeTrue(FastPath.obstacle(CifarResNet.of(20, 10)).isEmpty(), "oneDNN is missing");
        assumeTrue(Files.isReadable(PROCESSORS) && System.getenv("ONEDNN_MAX_CPU_ISA") == null, "there is no " + PROCESSORS + " to compare with");
        List<String> words = List.of(Files.readString(PROCESSORS).split("\\s+"));
        Execution narrow = new Execution.Sharded(words.contains("avx2") && !words.contains("avx512bw"));
        assertEquals(narrow, Execution.on(Device.cpu(), CifarResNet.of(20, 10)));
        assertEquals(narrow, Execution.on(Device.cpu(), Architecture.parse("mobilenet-v2")));
        for (String wide : List.of("vgg-16", "vgg-16 widths=32,2*64,4*128,6*196", "resnet-18", "resnet-34", "resnet-50")) {
            assertEquals(new Execution.Sharded(true), Execution.on(Device.cpu(), Architecture.parse(wide)), wide);
        }
    }
}
