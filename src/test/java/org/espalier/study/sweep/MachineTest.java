package org.espalier.study.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {

    @Test
    void anInstalledPyTorchThatLendsItsLibrariesIsNamedByItsOwnVersion(@TempDir Path torch) throws Exception {
        Path libraries = torch.resolve("lib");
        assertEquals(Optional.empty(), Machine.libtorch(libraries));
        Files.writeString(torch.resolve("version.py"), "from typing import Optional\n__all__ = ['__version__']\n__version__ = '2.11.0+cu130'\ndebug = False\n");
        assertEquals(Optional.of("2.11.0+cu130"), Machine.libtorch(libraries));
        Files.write(torch.resolve("version.py"), new byte[] {(byte) 0xff, 10, (byte) 0xfe});
        assertEquals(Optional.empty(), Machine.libtorch(libraries));
    }
}
