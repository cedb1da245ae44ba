package org.espalier.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.espalier.kernel.NotebookCode;
import org.espalier.model.Architecture;
import org.espalier.prune.Plan;
import org.espalier.study.Grid;
import org.espalier.study.Matched;
import org.espalier.study.Provenance;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.store.Csv;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The notebooks of the tables and of the main figure at scale laptop, from CSV files alone: no data, no training. The rows are made up. */
class StudyNotebooksTest {
    private static final Path HERE = Path.of("").toAbsolutePath();
    private static final Path STUDIES = Path.of("notebooks/studies");
    private static final List<String> NAMES = List.of("schedules-by-budget", "table-1-gal", "table-2-taylor", "table-3-random", "which-schedule");

    @TempDir
    Path folder;

    @BeforeEach
    void copyStudies() throws IOException {
        try (Stream<Path> files = Files.walk(HERE.resolve(STUDIES))) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Path copy = folder.resolve(HERE.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    /** A change that depends on what was done, and a little on the seed. */
    private static Result row(Spec spec) {
        Architecture dense = Architecture.parse(spec.network());
        Architecture left = spec.isOriginal() ? dense : spec.plan().equals("found") ? spec.method().startsWith("gal")
                ? dense.without(Set.of(dense.blocks().get(1).name())) : dense.withWidths(Plan.parse("uniform(0.5)").kept(dense))
                : spec.plan().contains("global") ? dense : dense.withWidths(Plan.parse(spec.plan()).kept(dense));
        double change = spec.isOriginal() ? 0 : (spec.schedule().startsWith("clr") ? -.01 : -.03) - (spec.criterion().equals("random") ? .01 : 0)
                + .002 * Math.sin(spec.seed() * 7 + spec.id().hashCode());
        double before = .87 + .001 * spec.originalSeed();
        return new Result(spec, before, spec.isOriginal() ? before : .3, before + change, before + change + .003, 1, "test", left.parameters(), left.macs(32, 32),
                "ab".repeat(32), 100, spec.id(), new Provenance("0123456789ab", "0.35.1", "2.7.1", "cpu", 1, "channels-last", "AMD EPYC (AVX2)", "somewhere",
                Instant.EPOCH), spec.plan().equals("found") ? left.text() : "", spec.method().startsWith("gal") ? List.of("gal removed 1 of 9 blocks") : List.of());
    }

    private void writeResults(String study) throws IOException {
        List<Result> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve(STUDIES).resolve(study))) {
            for (Path file : files.filter(file -> file.getFileName().toString().startsWith("laptop"))
                    .sorted(Comparator.comparing((Path file) -> !file.endsWith("laptop.txt")).thenComparing(file -> file)).toList()) {
                String text = Files.readString(file);
                List<Spec> specs = Matched.describes(text) ? Matched.of(text, rows).specs() : Grid.parse(text);
                specs.stream().flatMap(spec -> Stream.of(spec, spec.parent())).distinct().map(StudyNotebooksTest::row).forEach(rows::add);
            }
        }
        Files.writeString(Files.createDirectories(folder.resolve("results")).resolve(study + "-laptop.csv"), Csv.text(rows.stream().distinct().toList()));
    }

    /** What each notebook shows, in one JVM. */
    private List<String> run() throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Djava.awt.headless=true",
                NotebookCode.class.getName(), HERE.resolve("kernel/imports.jsh").toString()));
        NAMES.forEach(name -> command.add(HERE.resolve("notebooks/" + name + ".ipynb").toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().put("ESPALIER_SCALE", "laptop");
        builder.environment().keySet().removeAll(List.of("ESPALIER_DATA", "ESPALIER_MEASURE"));
        Process process = builder.directory(folder.resolve("notebooks").toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertFalse(Files.exists(folder.resolve("target")), "nothing was run, and nothing stored");
        return List.of(said.split("(?m)^In\\[1\\]$")).subList(1, NAMES.size() + 1);
    }

    private static void assertSaid(String said, String... words) {
        for (String word : words) {
            assertTrue(said.contains(word), () -> word + " is not in " + said);
        }
    }

    @Test
    void eachShowsWhatItsFileHoldsBesideWhatIsPublished() throws Exception {
        for (String name : NAMES) {
            writeResults(name);
        }
        writeResults("figure-2");
        long began = System.nanoTime();
        List<String> said = run();
        assertTrue((System.nanoTime() - began) / 1e9 < 60, "all in under a minute");
        assertSaid(said.get(0), "ResNet-56 on CIFAR-10 (JPEG q75), R56-B, scale laptop: 12 of 12 results are there", "Measured here: ResNet-56", "read off the image",
                "H1: CLR beats FT after l1, 20 epochs", "holds", "R56-B, l1 + CLR");
        assertSaid(said.get(1), "6 of 6 results are there", "71.95", "sources disagree", "misprint copied", "not available", "gal + CLR",
                "l1 + CLR, at gal's parameters", "l1 + FT, at gal's multiply-adds", "gal removed 1 of 9 blocks", "R50-GAL0.5", "3.35", "original networks");
        assertSaid(said.get(2), "30 of 30 results are there", "74.50", "R50-Taylor72", "Retrained alike by CLR, Taylor beats l1, 11 epochs");
        assertSaid(said.get(3), "42 of 42 results are there", "misprint copied", "random + CLR", "random + CLR, at slimming's widths", "slimming + CLR", "gal + CLR",
                "H5: random + CLR beats fpgm + FT, R20-D, 10 epochs");
        assertSaid(said.get(4), "72 of 72 results are there", "of 6 schedules clr is best", "chosen without a seed gains", "86.75",
                "l1 beats random pruning by", "ResNet-56 on CIFAR-10 (JPEG q75)");
    }

    @Test
    void withoutRowsEachSaysWhatToDoAndShowsWhatIsPublished() throws Exception {
        List<String> said = run();
        for (int i = 0; i < NAMES.size(); i++) {
            assertSaid(said.get(i), ": 0 of ", "this measures the rest:\n  environment/espalier sweep notebooks/studies/" + NAMES.get(i) + "/laptop.txt --data FOLDER",
                    "Published, not measured here", "undecided", "no rows: there are none yet");
        }
        said.subList(1, 5).forEach(notebook -> assertSaid(notebook, "not measured yet", "Nothing is measured yet"));
        assertSaid(said.get(4), "Not measured: R56-B for 20 epochs");
    }

    @Test
    void theirLinesOfCodeFitOnAPage() throws IOException {
        for (String name : NAMES) {
            JsonParser.parseString(Files.readString(HERE.resolve("notebooks/" + name + ".ipynb"))).getAsJsonObject().getAsJsonArray("cells").forEach(cell -> {
                if (cell.getAsJsonObject().get("cell_type").getAsString().equals("code")) {
                    cell.getAsJsonObject().getAsJsonArray("source").forEach(line -> assertTrue(line.getAsString().strip().length() <= 100, line.getAsString()));
                }
            });
        }
    }
}
