package org.espalier.data;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;

/** What several tests say about errors and left-overs. */
public final class Faults {
    private Faults() {
    }

    /** The call fails, and its message holds all of these. */
    public static void fails(Class<? extends Exception> kind, Executable call, Object... said) {
        Exception error = assertThrows(kind, call);
        for (Object part : said) {
            assertTrue(String.valueOf(error.getMessage()).contains(part.toString()), "'" + part + "' should be said in: " + error.getMessage());
        }
    }

    /** The names of what lies in a folder, lock files left out. */
    public static List<String> left(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> !name.endsWith(".lock")).sorted().toList();
        }
    }
}
