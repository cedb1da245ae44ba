package org.espalier.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.espalier.study.Failure;
import org.espalier.study.Fixtures;
import org.espalier.study.Grid;
import org.espalier.study.store.Store;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    private static final String GRID = """
            data = fashion-mnist-sample/take=4,5
            network = cifar-resnet-8 stages=4,8,8 channels=1
            original = step epochs=2
            recipe = batch=20
            plan = uniform(0.5)
            schedule = ft | clr
            epochs = 2
            seed = 1..2
            """;
    @TempDir
    Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path grid;

    @BeforeEach
    void writeGrid() throws IOException {
        grid = Files.writeString(folder.resolve("grid.txt"), GRID);
    }

    private int espalier(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = args[0].equals("doctor") ? List.of(args)
                : Stream.concat(Stream.of(args), Stream.of("--store", folder.resolve("store").toString())).toList();
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    }

    private void fill() {
        try (Store store = Store.open(folder.resolve("store"))) {
            Grid.parse(GRID).forEach(spec -> store.append(Fixtures.result(spec)));
        }
    }

    @Test
    void aSweepForRealAndWhatIsSaidOfIt() throws IOException {
        Path csv = folder.resolve("results.csv");
        assertEquals(0, espalier("sweep", grid.toString(), "--workers", "1", "--export", csv.toString()), err.toString());
        assertTrue(out.toString().startsWith("4 of 4 results are there"), out.toString());
        assertTrue(err.toString().contains("5 of 5 done"), err.toString());
        assertEquals(6, Files.readAllLines(csv).size(), "a head, four results and their original's");
        assertEquals(0, espalier("sweep", grid.toString(), "--json"));
        assertEquals(4, JsonParser.parseString(out.toString()).getAsJsonObject().get("results").getAsInt());
    }

    @Test
    void whatFollowsFromAGridsResultsIsSweptAfterIt() throws IOException {
        Path finding = Files.writeString(folder.resolve("finding.txt"), GRID.replace("plan = uniform(0.5)", "plan = found\nmethod = slimming epochs=1 ratio=0.4")
                .replace("seed = 1..2", "seed = 1"));
        Path matched = Files.writeString(folder.resolve("matched.txt"), "matched = parameters | widths\ncriterion = l1\nschedule = clr\nepochs = 1\n");
        assertEquals(0, espalier("plan", finding.toString(), matched.toString(), "--steps", "0"), err.toString());
        assertTrue(out.toString().startsWith("4 retrainings and 1 original networks"), out.toString());
        assertEquals(0, espalier("sweep", finding.toString(), matched.toString(), "--workers", "1"), err.toString());
        assertTrue(out.toString().startsWith("4 of 4 results are there"), out.toString());
        assertEquals(0, espalier("status", finding.toString(), matched.toString()), err.toString());
        assertEquals(0, espalier("export", matched.toString(), finding.toString()), "in any order: " + err);
        assertTrue(out.toString().contains(",parameters("), out.toString());
        assertEquals(0, espalier("sweep", finding.toString(), matched.toString(), "--workers", "1", "--shard", "1/2"), err.toString());
        for (String wrong : List.of("matched = parameter\ncriterion = l1\nschedule = clr\nepochs = 1\n", "matched = macs\ncriterion = l1\nplan = R20-B\n")) {
            Files.writeString(matched, wrong);
            assertEquals(2, espalier("sweep", finding.toString(), matched.toString()));
            assertTrue(err.toString().contains(wrong.contains("plan") ? "has the fields" : "not 'parameter'"), err.toString());
        }
        assertEquals(2, espalier("sweep", matched.toString()));
        assertTrue(err.toString().contains("name the grid that has those, too"), err.toString());
    }

    @Test
    void shardsWaitForAllThatSomethingFollowsFrom() throws IOException {
        Path finding = Files.writeString(folder.resolve("finding.txt"), GRID.replace("plan = uniform(0.5)", "plan = found\nmethod = slimming epochs=1 ratio=0.4"));
        Path matched = Files.writeString(folder.resolve("matched.txt"), "matched = widths\ncriterion = l1\nschedule = clr\nepochs = 1\n");
        assertEquals(Main.MISSING, espalier("sweep", finding.toString(), matched.toString(), "--workers", "1", "--shard", "0/2"), err.toString());
        assertTrue(err.toString().contains("run this again"), err.toString());
        for (String shard : List.of("1/2", "0/2", "1/2")) {
            espalier("sweep", finding.toString(), matched.toString(), "--workers", "1", "--shard", shard);
        }
        assertEquals(0, espalier("status", finding.toString(), matched.toString()), out.toString());
        assertTrue(out.toString().startsWith("6 done"), out.toString());
    }

    @Test
    void aPlanSaysWhatAGridTakesAndKeepsNothing() {
        assertEquals(0, espalier("plan", grid.toString(), "--steps", "1", "--try", "2"), err.toString());
        assertTrue(out.toString().startsWith("4 retrainings and 1 original networks: 10 epochs, "), out.toString());
        assertTrue(out.toString().contains("from 1 steps of each kind") && out.toString().contains("The first 2 steps of 3 jobs that differ"), out.toString());
        assertEquals(0, espalier("plan", grid.toString(), "--steps", "0", "--json"), err.toString());
        JsonObject answer = JsonParser.parseString(out.toString()).getAsJsonObject();
        assertEquals(4, answer.get("retrainings").getAsInt());
        assertTrue(answer.get("hours").isJsonNull() && answer.get("memoryBytes").getAsLong() > 0, "nothing was timed");
        assertFalse(Files.exists(folder.resolve("store")));
    }

    @Test
    void aSweepGoesOnElsewhereFromItsExport() throws IOException {
        Path csv = folder.resolve("results/study.csv");
        Path originals = folder.resolve("results/originals");
        assertEquals(0, espalier("sweep", grid.toString(), "--only", "seed=1", "--only", "schedule=clr", "--workers", "1", "--evaluate", "epochs",
                "--export", csv.toString()), err.toString());
        assertTrue(out.toString().startsWith("1 of 1 results are there"), out.toString());
        List<String> elsewhere = List.of("sweep", grid.toString(), "--only", "schedule=clr", "--workers", "1", "--include", csv.toString());
        String[] command = Stream.concat(elsewhere.stream(), Stream.of("--store", folder.resolve("elsewhere").toString())).toArray(String[]::new);
        assertEquals(Main.IMPOSSIBLE, Main.run(new PrintWriter(out, true), new PrintWriter(err, true), command), "without its original");
        assertTrue(err.toString().contains("its file isn't here"), err.toString());
        assertEquals(1, espalier("export", grid.toString(), "-o", csv.toString(), "--originals", originals.toString()), "three are missing");
        byte[] exported = Files.readAllBytes(csv);
        assertEquals(0, Main.run(new PrintWriter(out, true), new PrintWriter(err, true), command), err.toString());
        assertEquals(1, espalier("export", grid.toString(), "-o", csv.toString(), "--originals", originals.toString()));
        assertEquals(new String(exported), Files.readString(csv), "the same bytes again");
        assertEquals(Main.USAGE, espalier("sweep", grid.toString(), "--originals", originals.toString()));
        assertEquals(Main.USAGE, espalier("status", "--only", "seed=1"));
        assertEquals(Main.USAGE, espalier("sweep", grid.toString(), "--evaluate", "sometimes"));
    }

    @Test
    void statusSaysWhatIsDoneRunningAndFailed() {
        assertEquals(1, espalier("status", grid.toString()), "all of it is missing");
        assertTrue(out.toString().startsWith("0 done, 4 not, 0 trainings running, 0 runs failed"), out.toString());
        assertTrue(err.toString().contains("there is no store " + folder.resolve("store")), err.toString());
        try (Store store = Store.open(folder.resolve("store")); var claims = store.claims()) {
            store.append(Failure.of(Grid.parse(GRID).get(0), "out of luck"));
            store.append(Fixtures.result(Grid.parse(GRID).get(1)));
            claims.take(new org.espalier.study.sweep.Job(Grid.parse(GRID).subList(2, 3)).key()).orElseThrow();
            assertEquals(1, espalier("status", grid.toString()));
            assertTrue(out.toString().startsWith("1 done, 3 not, 1 training running, 1 run failed"), out.toString());
            assertTrue(out.toString().contains("out of luck")
                    && out.toString().contains("by process " + ProcessHandle.current().pid()), out.toString());
            assertEquals(1, espalier("status", grid.toString(), "--json"));
            JsonObject answer = JsonParser.parseString(out.toString()).getAsJsonObject();
            assertEquals("out of luck", answer.getAsJsonArray("failures").get(0).getAsJsonObject().get("cause").getAsString());
        }
    }

    @Test
    void exportWritesCsvOrJson() throws IOException {
        assertEquals(1, espalier("export", grid.toString()), "nothing is there yet");
        fill();
        assertEquals(0, espalier("status", grid.toString()), "nothing is missing");
        assertEquals(0, espalier("export", grid.toString()));
        assertEquals(5, out.toString().lines().count());
        assertTrue(out.toString().contains("libtorch"));
        assertEquals(0, espalier("export", "--results-only", "-o", folder.resolve("out.csv").toString()));
        assertTrue(!Files.readString(folder.resolve("out.csv")).contains("libtorch"));
        assertEquals(0, espalier("export", "--json"));
        out.toString().lines().forEach(line -> assertTrue(JsonParser.parseString(line).getAsJsonObject().has("last")));
    }

    @Test
    void reportComparesSchedulesBySeed() throws IOException {
        assertEquals(1, espalier("report", grid.toString()));
        assertTrue(out.toString().isEmpty() && err.toString().contains("there are no results of"), out.toString() + err);
        fill();
        assertEquals(0, espalier("report", grid.toString()));
        assertTrue(out.toString().contains("| clr | 2 | 2 |")
                && out.toString().contains("clr beats ft (uniform(0.5), l1, 2 epochs): undecided"), out.toString());
        Path claims = Files.writeString(folder.resolve("claims.txt"), """
                claim = CLR beats FT
                first = plan=uniform(0.5); schedule=clr; epochs=2
                second = plan=uniform(0.5); schedule=ft; epochs=2
                expect = above 0
                """);
        assertEquals(0, espalier("report", grid.toString(), "--claims", claims.toString()));
        assertTrue(out.toString().contains("CLR beats FT: undecided"), out.toString());
        assertEquals(0, espalier("report", "--json"));
        assertEquals(2, JsonParser.parseString(out.toString()).getAsJsonObject().getAsJsonArray("cells").size());
    }

    @Test
    void doctorLooksAtEverything() {
        assertEquals(0, espalier("doctor"), out.toString());
        assertTrue(Stream.of("commit", "system", "jupyter", "libtorch 2.", "processor", "threads", "fashion-mnist-sample", "images/s").allMatch(out.toString()::contains), out.toString());
        assertEquals(1, espalier("doctor", "--json", "--data", folder.resolve("nothing").toString()));
        JsonObject answer = JsonParser.parseString(out.toString()).getAsJsonObject();
        assertTrue(!answer.get("well").getAsBoolean() && answer.get("data").getAsString().contains("nothing"), out.toString());
    }

    @Test
    void whatMakesNoSenseIsSaidInASentence() throws IOException {
        assertEquals(Main.USAGE, espalier("sweep", folder.resolve("no.txt").toString()));
        assertTrue(err.toString().contains("there is no grid file"), err.toString());
        assertEquals(Main.USAGE, espalier("sweep", grid.toString(), "--shard", "2of4"));
        assertTrue(err.toString().contains("--shard takes two whole numbers"), err.toString());
        assertEquals(Main.USAGE, espalier("sweep", grid.toString(), "--shard", "4/4"));
        Files.writeString(grid, GRID.replace("network", "netwrok"));
        assertEquals(Main.USAGE, espalier("sweep", grid.toString()));
        assertTrue(err.toString().contains("grid.txt") && err.toString().contains("netwrok"), err.toString());
        assertEquals(Main.USAGE, espalier("grow"));
    }

    @Test
    void aStoreThatCannotBeWrittenEndsTheSweepWithItsOwnCode() throws IOException {
        Files.createDirectories(folder.resolve("store"));
        Files.writeString(folder.resolve("store/claims"), "in the way");
        assertEquals(Main.IMPOSSIBLE, espalier("sweep", grid.toString()));
        assertTrue(err.toString().contains("can't be written") && err.toString().contains("claims"), err.toString());
    }

    @Test
    void everyCommandThatAPageShowsIsUnderstood() throws IOException {
        int options = 0;
        for (Path page : List.of(Path.of("README.md"), Path.of("results/README.md"), Path.of("docs/sweeps.md"), Path.of("docs/gpu.md"))) {
            String text = Files.readString(page).replace("\\\n", " ");
            for (MatchResult command : Pattern.compile("environment/espalier (sweep|status|export|report|doctor)\\b([^`\n|]*)").matcher(text).results().toList()) {
                assertEquals(0, espalier(command.group(1), "--help"));
                for (String option : command.group(2).split("\\s+")) {
                    if (option.startsWith("-")) {
                        assertTrue(out.toString().matches("(?s).*[\\s,\\[]" + option + "\\b.*"), page + ": " + command.group());
                        options++;
                    }
                }
            }
        }
        assertTrue(options >= 10, options + " options");
    }
}
