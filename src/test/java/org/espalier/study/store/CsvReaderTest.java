package org.espalier.study.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import org.espalier.study.Fixtures;
import org.espalier.study.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input: what was edited by hand, cut, or written by a newer release is refused as a whole, with the line and the reason. */
class CsvReaderTest {
    private static final List<Result> RESULTS = LongStream.rangeClosed(1, 3).mapToObj(Fixtures::spec).map(Fixtures::result).toList();

    @TempDir
    Path folder;
    private Path csv;
    private String text;

    @BeforeEach
    void write() throws IOException {
        text = Csv.text(RESULTS);
        csv = Files.writeString(folder.resolve("results.csv"), text);
    }

    private void assertRefused(String content, String... words) throws IOException {
        Files.writeString(csv, content);
        Store store = Store.open(folder.resolve("store"));
        var error = assertThrows(IllegalArgumentException.class, () -> store.including(csv));
        for (String word : words) {
            assertTrue(error.getMessage().contains(word), word + " is not in " + error.getMessage());
        }
        assertTrue(store.results().isEmpty(), "nothing of it is taken");
        assertFalse(Files.exists(folder.resolve("store")));
        assertEquals(content, Files.readString(csv));
    }

    private String line(int number) {
        return text.lines().toList().get(number - 1);
    }

    @Test
    void whatWasWrittenIsRead() {
        assertEquals(RESULTS, Csv.read(csv));
    }

    @Test
    void remarksAreReadBackAndAddNoColumnWhereThereAreNone() throws IOException {
        assertFalse(text.contains("remarks"));
        Result plain = RESULTS.get(0);
        Result said = new Result(plain.spec(), plain.before(), plain.pruned(), plain.last(), plain.best(), plain.bestEpoch(), plain.split(), plain.parameters(),
                plain.macs(), "", 1.5, plain.history(), plain.provenance(), "", List.of("gal removed 2 of 9 blocks, \"by chance\"", "a line\nbreak | a bar"));
        assertEquals(List.of("gal removed 2 of 9 blocks, \"by chance\"", "a line break a bar"), said.remarks());
        Files.writeString(csv, Csv.text(List.of(said, RESULTS.get(1))));
        assertEquals(List.of(said, RESULTS.get(1)), Csv.read(csv));
        assertEquals(said, Row.result(new String(Row.of(said), java.nio.charset.StandardCharsets.UTF_8)));
        assertEquals(Csv.textOfResults(List.of(plain)), Csv.textOfResults(List.of(said)).replace(",remarks\n", "\n").replaceAll(",\"gal.*\"\n", "\n"));
    }

    @Test
    void aTopFiveAccuracyIsReadBackAndAddsNoColumnWhereThereIsNone() throws IOException {
        Result plain = RESULTS.get(0);
        Result counted = new Result(plain.spec(), plain.before(), plain.pruned(), plain.last(), plain.best(), plain.bestEpoch(), plain.split(), plain.parameters(),
                plain.macs(), "", 1.5, plain.history(), plain.provenance(), "", List.of(), OptionalDouble.of(.75));
        String both = Csv.text(List.of(counted, RESULTS.get(1)));
        Files.writeString(csv, both);
        assertEquals(List.of(counted, RESULTS.get(1)), Csv.read(csv));
        assertEquals(both, Csv.text(Csv.read(csv)));
        assertEquals(counted, Row.result(new String(Row.of(counted), java.nio.charset.StandardCharsets.UTF_8)));
        assertFalse(text.contains(ResultFields.TOP_FIVE) || new String(Row.of(plain), java.nio.charset.StandardCharsets.UTF_8).contains(ResultFields.TOP_FIVE));
        assertRefused(both.replace(",0.75,", ",75,"), "line 2", ResultFields.TOP_FIVE, "0 to 1, not 75");
    }

    @Test
    void theResultsThatLieHereAreWrittenAgainByteForByte() throws IOException {
        Path measured = Path.of("results/figure-2-laptop.csv");
        assertEquals(Files.readString(measured), Csv.text(Csv.read(measured)));
    }

    @Test
    void anIdThatDoesntFitItsFieldsIsRefused() throws IOException {
        assertRefused(text.replace(",clr,4,2,", ",clr,4,9,"), "line 3", RESULTS.get(1).id(), Fixtures.spec(9).id(), "edited");
    }

    @Test
    void anAccuracyOutsideOfZeroToOneIsRefused() throws IOException {
        assertRefused(text.replaceFirst("0\\.9,0\\.5", "90.0,0.5"), "line 2", "before", "0 to 1, not 90.0");
        assertRefused(text.replaceFirst("0\\.9,0\\.5", "0.9,-0.5"), "line 2", "pruned");
        assertRefused(text.replaceFirst("0\\.9,0\\.5", "0.9,NaN"), "line 2", "pruned");
        assertRefused(text.replaceFirst("0\\.9,0\\.5", "0.9,half"), "line 2", "pruned is a number");
    }

    @Test
    void aRowTwiceWithOtherNumbersIsRefused() throws IOException {
        assertRefused(text + line(2).replaceFirst("0\\.9,0\\.5", "0.9,0.6") + "\n", "line 5", "other values than line 2");
        Files.writeString(csv, text + line(2) + "\n");
        assertEquals(RESULTS, Csv.read(csv), "the same row twice is one");
    }

    @Test
    void aFileOfANewerReleaseIsRefused() throws IOException {
        assertRefused(text.replaceFirst("seconds", "seconds,energy").replace(",1.5,", ",1.5,7,"), "line 1", "energy", "newer release");
    }

    @Test
    void aFileThatWasCutIsRefusedWhereverItWasCut() throws IOException {
        int second = text.indexOf('\n', text.indexOf('\n') + 1) + 1;
        for (int length = second + 1; length < text.length(); length += 13) {
            String cut = text.substring(0, length);
            if (!cut.endsWith("\n")) {
                assertRefused(cut, "line " + cut.lines().count());
            }
        }
        assertRefused(text.substring(0, text.length() - 1), "line 4", "cut");
        assertRefused("", "is empty");
        assertRefused(text.substring(0, 20), "line 1");
    }

    @Test
    void anExportWithoutProvenanceIsRefused() throws IOException {
        assertRefused(Csv.textOfResults(RESULTS), "line 1", "--results-only");
    }

    @Test
    void rowsOfTwoOriginalsUnderOneIdAreRefused() throws IOException {
        String sha = "ab".repeat(32);
        List<Result> named = RESULTS.stream().map(result -> new Result(result.spec(), result.before(), result.pruned(), result.last(), result.best(),
                result.bestEpoch(), result.split(), result.parameters(), result.macs(), sha, 1, result.history(), result.provenance())).toList();
        String both = Csv.text(named);
        int second = both.lastIndexOf(sha);
        assertRefused(both.substring(0, second) + "cd".repeat(32) + both.substring(second + 64), "line 4", "another original network", "line 2");
        assertRefused(both.replaceFirst(sha, "abc"), "line 2", "64 hex digits");
    }

    @Test
    void aBestEpochStandsWithItsAccuracy() throws IOException {
        String best = "," + RESULTS.get(0).best() + "," + RESULTS.get(0).bestEpoch() + ",test";
        assertRefused(text.replaceFirst(best, "," + RESULTS.get(0).best() + ",,test"), "line 2", "stand together");
        Files.writeString(csv, text.replaceFirst(best, ",,,test"));
        assertFalse(Csv.read(csv).get(0).hasBest());
    }
}
