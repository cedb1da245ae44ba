package org.espalier.data.files;

import static org.espalier.data.Faults.fails;
import static org.espalier.data.Faults.left;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveTest {
    @TempDir
    private Path folder;

    @Test
    void filesAndFoldersComeOut() throws IOException {
        unpack(archive("a/", "a/b/one", "two"));
        assertEquals(List.of("a", "two"), left(folder.resolve("out")));
        assertEquals("content", Files.readString(folder.resolve("out/a/b/one")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../escaped", "a/../../escaped", "/escaped", "a/b/../../../escaped"})
    void anEntryThatWouldLeaveTheFolderIsRefusedByName(String name) throws IOException {
        Path file = archive("fine", name);
        fails(IOException.class, () -> unpack(file), file, "'" + name + "'", "outside");
        assertFalse(Files.exists(folder.resolve("escaped")));
        assertFalse(Files.exists(Path.of("/escaped")));
    }

    @ParameterizedTest
    @ValueSource(bytes = {TarConstants.LF_SYMLINK, TarConstants.LF_LINK, TarConstants.LF_FIFO, TarConstants.LF_CHR})
    void linksAndDevicesAreRefused(byte kind) throws IOException {
        Path file = folder.resolve("links.tar.gz");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
            TarArchiveEntry entry = new TarArchiveEntry("link", kind);
            entry.setLinkName("/etc/passwd");
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
        }
        fails(IOException.class, () -> unpack(file), "'link'", "neither a file nor a folder");
        assertFalse(Files.exists(folder.resolve("out/link")));
    }

    @Test
    void theLimitsHoldForWhatComesOutAndForTheNumberOfEntries() throws IOException {
        Path file = folder.resolve("bomb.tar.gz");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
            put(tar, "zeros", new byte[10_000_000]);
        }
        fails(IOException.class, () -> unpack(file), "more than 1000 bytes");
        fails(IOException.class, () -> unpack(archive("1", "2", "3", "4", "5", "6", "7")), "more than 6 entries");
        fails(IOException.class, () -> unpack(archive("same", "same")), "same");
    }

    @Test
    void aTruncatedArchiveIsRefusedByName() throws IOException {
        Path file = archive("one", "two");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) / 2));
        fails(IOException.class, () -> unpack(file), file, "delete it");
        Files.writeString(file, "no archive");
        fails(IOException.class, () -> unpack(file), file, "delete it");
    }

    private void unpack(Path file) throws IOException {
        new Archive(file, 6, 1000).unpack(folder.resolve("out"));
    }

    private Path archive(String... names) throws IOException {
        Path file = folder.resolve("some.tar.gz");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
            for (String name : names) {
                put(tar, name, name.endsWith("/") ? new byte[0] : "content".getBytes());
            }
        }
        return file;
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
