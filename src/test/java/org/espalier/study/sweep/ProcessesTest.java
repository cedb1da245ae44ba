package org.espalier.study.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.espalier.study.Fixtures;
import org.espalier.study.store.Csv;
import org.espalier.study.store.Store;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that share a store, and processes that die. */
class ProcessesTest {
    private static final int JOBS = Job.of(FakeWork.GRID.specs()).size();
    private static final String EXPECTED = Csv.textOfResults(Stream.concat(FakeWork.GRID.specs().stream().limit(1).map(spec -> spec.parent()),
            FakeWork.GRID.specs().stream()).map(Fixtures::result).toList());

    @TempDir
    Path folder;

    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private Process sweep(int millis, int shard, int shards) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(JAVA, "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", FakeWork.SweepMain.class.getName(), folder.toString(), "" + millis, "" + shard, "" + shards);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getInputStream().read();
        return process;
    }

    /** As on a full disk: no file of the process may grow beyond so many blocks of 1,024 bytes. */
    @Test
    void aDiskThatFillsEndsTheSweepWithAMessageAndLosesNothing() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", "ulimit -f 6; exec \"$@\"", "bash", JAVA, FakeWork.SweepMain.class.getName(),
                folder.toString(), "0", "0", "1");
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        String message = new String(process.getErrorStream().readAllBytes());
        assertEquals(1, process.waitFor());
        assertTrue(message.contains("the store can't be written at " + folder) && message.contains("what is stored already is safe"), message);
        Store store = Store.open(folder);
        int before = store.results().size();
        assertTrue(before > 0 && before < FakeWork.GRID.specs().size(), before + " results");
        assertEquals(List.of(), store.remarks(), "the row that found no room is gone as a whole");
        assertEquals(0, sweep(0, 0, 1).waitFor());
        assertEquals(EXPECTED, Csv.textOfResults(Store.open(folder).results()));
    }

    private List<String> log() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("log"))) {
            return files.map(file -> file.getFileName().toString().substring(0, 16)).toList();
        }
    }

    @Test
    void killedAtTwentyMomentsAndResumedItEndsWithTheSameResults() throws Exception {
        Random random = new Random(1);
        int killed = 0;
        int atWork = 0;
        while (killed < 20) {
            Process process = sweep(60, 0, 1);
            Thread.sleep(random.nextInt(100));
            process.destroyForcibly();
            killed += process.waitFor() == 0 ? 0 : 1;
            if (Files.isDirectory(folder.resolve("claims"))) {
                try (Stream<Path> claims = Files.list(folder.resolve("claims"))) {
                    atWork += claims.findAny().isPresent() ? 1 : 0;
                }
            }
        }
        System.out.println("of 20 kills, " + atWork + " met a run under way");
        assertTrue(atWork >= 10, "only " + atWork + " of 20 kills met a run under way");
        assertEquals(0, sweep(0, 0, 1).waitFor());
        Store store = Store.open(folder);
        assertEquals(EXPECTED, Csv.textOfResults(store.results()));
        assertEquals(0, Files.list(folder.resolve("claims")).count());
        assertEquals(0, Files.list(folder.resolve("checkpoints")).count());
    }

    @Test
    void twoSweepsAndTwoShardsAtOnceDoEverythingExactlyOnce() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            processes.add(sweep(40, 0, 1));
            processes.add(sweep(40, i, 2));
        }
        for (Process process : processes) {
            assertEquals(0, process.waitFor());
        }
        assertEquals(JOBS, log().size());
        assertEquals(JOBS, log().stream().distinct().count());
        assertEquals(EXPECTED, Csv.textOfResults(Store.open(folder).results()));
    }

    @Test
    void whatAKilledProcessHadClaimedIsTakenOverAtOnce() throws Exception {
        Process process = sweep(60_000, 0, 1);
        while (!Files.exists(folder.resolve("log")) || log().isEmpty()) {
            Thread.sleep(10);
        }
        process.destroyForcibly().waitFor();
        long before = System.nanoTime();
        assertEquals(0, sweep(0, 0, 1).waitFor());
        assertTrue(System.nanoTime() - before < 20_000_000_000L, "long before a lease is over");
        assertFalse(Store.open(folder).results().isEmpty());
    }
}
