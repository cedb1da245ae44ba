package org.espalier;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The core stays as small as docs/reading.md says: the path through it, and its rooms as a whole. */
class ReadingTest {
    private static final int MOST = 3_280;
    private static final int MOST_OF_ROOMS = 3_490;
    private static final Path MAIN = Path.of("src/main/java/org/espalier");

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

    /** The verbs, and all files of the core's rooms; kinds such as networks, criteria, plans and schedules have rooms of their own. */
    @Test
    void theCoresRoomsStaySmallAsAWhole() throws IOException {
        long lines = Files.readAllLines(MAIN.resolve("Espalier.java")).size();
        for (String room : List.of("model", "model/channels", "prune", "train", "engine")) {
            try (Stream<Path> files = Files.list(MAIN.resolve(room))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    lines += Files.readAllLines(file).size();
                }
            }
        }
        assertTrue(lines <= MOST_OF_ROOMS, "the core's rooms have " + lines + " lines; " + MOST_OF_ROOMS + " are the most");
    }
}
