package org.espalier;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The core stays as small as docs/reading.md says. */
class ReadingTest {
    private static final int MOST = 3_500;

    @Test
    void theCoreFitsInOneSitting() throws IOException {
        List<Path> files = Pattern.compile("]\\(\\.\\./(src/main/java/[^)]+)\\)").matcher(Files.readString(Path.of("docs/reading.md"))).results()
                .map(link -> Path.of(link.group(1))).toList();
        long lines = 0;
        for (Path file : files) {
            lines += Files.readAllLines(file).size();
        }
        assertTrue(files.size() > 30 && files.stream().distinct().count() == files.size(), files.size() + " files");
        assertTrue(lines <= MOST, "the files of docs/reading.md have " + lines + " lines; " + MOST + " are the most");
    }
}
