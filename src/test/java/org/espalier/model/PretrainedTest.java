package org.espalier.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.model.families.CifarResNet;
import org.espalier.model.loading.Networks;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks that others trained; skipped where the development data isn't. */
class PretrainedTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"resnet20-12fca82f.th, 20", "resnet56-4bfd9763.th, 56"})
    void pretrainedNetworksAreLoaded(String name, int depth) {
        String data = System.getenv("ESPALIER_DEV_DATA");
        assumeTrue(data != null, "ESPALIER_DEV_DATA names no folder with pretrained/" + name);
        Path file = Path.of(data, "pretrained", name);
        assumeTrue(Files.exists(file), file + " is missing");
        Network network = Networks.load(file);
        assertEquals(CifarResNet.of(depth, 10), network.architecture());
        Networks.save(network, folder.resolve("again.safetensors"));
        assertEquals(network, Networks.load(folder.resolve("again.safetensors")));
    }
}
