package org.espalier.kernel.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StartUpTest {
    private static final List<String> IMPORTS = List.of("import java.io.*;", "import java.util.*;", "import static java.lang.Math.*;");

    private final ByteArrayOutputStream notes = new ByteArrayOutputStream();

    @Test
    void allImportsOfTheStartUpCount() throws Exception {
        try (Session session = session()) {
            assertTrue(session.prepare(IMPORTS).isEmpty());
            assertEquals("[b, a]1", shown(session, "List.of(new File(\"b\"), new File(\"a\")).toString() + abs(-1)"));
        }
    }

    @Test
    void theReadersImportOfOneOfThemTakesNoneAway() throws Exception {
        try (Session session = session()) {
            session.prepare(IMPORTS);
            for (String one : IMPORTS) {
                session.run(new Cell(1, one), (cell, magic) -> Optional.empty());
            }
            assertEquals("[b, a]1", shown(session, "List.of(new File(\"b\"), new File(\"a\")).toString() + abs(-1)"));
        }
    }

    @Test
    void aNameInUseStaysTheOneOfTheStartUp() throws Exception {
        try (Session session = session()) {
            session.prepare(IMPORTS);
            session.run(new Cell(1, "List<String> words = new ArrayList<>(); words.add(\"kept\");"), (cell, magic) -> Optional.empty());
            session.run(new Cell(2, "import java.awt.*;"), (cell, magic) -> Optional.empty());
            assertEquals("[kept]", shown(session, "words"));
            assertEquals("0", shown(session, "List.of().size()"));
            assertTrue(notes.toString().contains("List stays java.util.List"), notes::toString);
        }
    }

    @Test
    void oneThatFailsIsNamedAndTheOthersCount() throws Exception {
        try (Session session = session()) {
            var problems = session.prepare(List.of("import java.io.*;", "import no.such.*;", "import java.util.*;", "int three = 3;"));
            assertEquals(List.of("import no.such.*;"), List.copyOf(problems.keySet()));
            assertTrue(problems.get("import no.such.*;").contains("no.such"), problems::toString);
            assertEquals("[a]3", shown(session, "List.of(new File(\"a\")).toString() + three"));
        }
    }

    @Test
    void theKernelsOwnCompileTogether() throws IOException {
        try (Session session = session()) {
            List<String> lines = Files.readAllLines(Path.of("kernel/imports.jsh")).stream().filter(line -> line.startsWith("import ")).toList();
            assertTrue(session.prepare(lines).isEmpty());
            assertEquals(1, session.shell().imports().count(), "each was run by itself, which doubles the time to the first answer");
        }
    }

    private Session session() {
        return new Session(Optional.empty(), new PrintStream(notes, true));
    }

    private static String shown(Session session, String code) throws Exception {
        return String.valueOf(session.run(new Cell(9, code), (cell, magic) -> Optional.empty()).orElseThrow().value());
    }
}
