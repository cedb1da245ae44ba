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
import java.util.List;
import java.util.stream.Stream;
import org.espalier.kernel.NotebookCode;
import org.espalier.study.Grid;
import org.espalier.study.Provenance;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.store.Csv;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The notebook of Figure 2 at scale laptop, from a CSV file alone: no data, no networks, no training. The rows are made up. */
class Figure2NotebookTest {
    private static final Path HERE = Path.of("").toAbsolutePath();
    private static final Path NOTEBOOK = HERE.resolve("notebooks/figure-2-random-vs-l1.ipynb");
    private static final Path STUDY = Path.of("notebooks/studies/figure-2");

    @TempDir
    Path folder;

    @BeforeEach
    void copyStudy() throws IOException {
        Files.createDirectories(folder.resolve(STUDY));
        try (Stream<Path> files = Files.list(HERE.resolve(STUDY))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, folder.resolve(STUDY).resolve(file.getFileName()));
            }
        }
    }

    /** A change that depends on what was done, and a little on the seed. */
    private static Result row(Spec spec) {
        double change = spec.isOriginal() ? 0 : (spec.schedule().startsWith("clr") ? -.01 : -.03) - (spec.criterion().equals("random") ? .01 : 0)
                + spec.epochs() * 1e-4 + .002 * Math.sin(spec.seed() * 7 + spec.id().hashCode());
        double before = .87 + .001 * spec.originalSeed() + (spec.original().equals("step") ? .02 : 0);
        boolean every = spec.seed() == 1;
        return new Result(spec, before, spec.isOriginal() ? before : .3, before + change, every ? before + change + .003 : Double.NaN, every ? 5 : 0,
                "test", 270_000, 40_000_000, "ab".repeat(32), 100, spec.id(), new Provenance("0123456789ab", "0.35.1", "2.7.1", "cpu", 1,
                "channels-last", "AMD EPYC (AVX2)", "somewhere", Instant.EPOCH));
    }

    private void writeResults(String... grids) throws IOException {
        List<Spec> specs = new ArrayList<>();
        for (String grid : grids) {
            specs.addAll(Grid.parse(Files.readString(folder.resolve(STUDY).resolve(grid))));
        }
        List<Result> rows = specs.stream().flatMap(spec -> Stream.of(spec, spec.parent())).distinct().map(Figure2NotebookTest::row).toList();
        Files.writeString(Files.createDirectories(folder.resolve("results")).resolve("figure-2-laptop.csv"), Csv.text(rows));
    }

    private String run() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Djava.awt.headless=true",
                NotebookCode.class.getName(), HERE.resolve("kernel/imports.jsh").toString(), NOTEBOOK.toString());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().put("ESPALIER_SCALE", "laptop");
        builder.environment().keySet().removeAll(List.of("ESPALIER_DATA", "ESPALIER_MEASURE"));
        Process process = builder.directory(folder.resolve("notebooks").toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    private static void assertSaid(String said, String... words) {
        for (String word : words) {
            assertTrue(said.contains(word), () -> word + " is not in " + said);
        }
    }

    @Test
    void itShowsWhatTheFileHoldsAndTrainsNothing() throws Exception {
        writeResults("laptop.txt", "laptop-2-160-epochs.txt", "laptop-3-r20-b.txt", "laptop-6-fashion-mnist.txt");
        long began = System.nanoTime();
        String said = run();
        assertTrue((System.nanoTime() - began) / 1e9 < 60, "in under a minute");
        assertSaid(said, "ResNet-20 on CIFAR-10 (JPEG q75), R20-D, scale laptop: 114 of 114 results are there", "AMD EPYC (AVX2), threads a run: 1",
                "unpruned + CLR", "l1 + FT rate=0.01", "H1: CLR beats FT after l1, 38 epochs: holds.", "H5: random + CLR beats l1 + FT, 38 epochs: holds.",
                "Control: CLR's gain over FT is larger after l1 than without pruning, 20 epochs: undecided.", "step epochs=160", "laptop-3-r20-b.txt",
                "laptop-6-fashion-mnist.txt", "2.00", "0.30");
        assertFalse(Files.exists(folder.resolve("target")), "nothing was run, and nothing stored");
    }

    @Test
    void aPartOfTheRowsIsShownWithTheCommandThatMeasuresTheRest() throws Exception {
        writeResults("laptop-2-160-epochs.txt");
        assertSaid(run(), "0 of 114 results are there", "environment/espalier sweep notebooks/studies/figure-2/laptop.txt --include results/figure-2-laptop.csv");
    }

    @Test
    void withoutAnyResultItSaysThatToo() throws Exception {
        assertSaid(run(), "0 of 114 results are there");
        assertFalse(Files.exists(folder.resolve("target")));
    }

    @Test
    void itsLinesOfCodeFitOnAPage() throws IOException {
        JsonParser.parseString(Files.readString(NOTEBOOK)).getAsJsonObject().getAsJsonArray("cells").forEach(cell -> {
            if (cell.getAsJsonObject().get("cell_type").getAsString().equals("code")) {
                cell.getAsJsonObject().getAsJsonArray("source").forEach(line -> assertTrue(line.getAsString().strip().length() <= 100, line.getAsString()));
            }
        });
    }
}
