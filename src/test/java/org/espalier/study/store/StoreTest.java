package org.espalier.study.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.espalier.study.Failure;
import org.espalier.study.Fixtures;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    @TempDir
    Path folder;

    private void fill(long from, long to) {
        try (Store store = Store.open(folder)) {
            LongStream.rangeClosed(from, to).mapToObj(Fixtures::spec).map(Fixtures::result).forEach(store::append);
        }
    }

    private Path segment() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("rows"))) {
            return files.findFirst().orElseThrow();
        }
    }

    @Test
    void whatWasAppendedIsThereWhenItIsOpenedAgain() {
        Result result = Fixtures.result(Fixtures.spec(1));
        try (Store store = Store.open(folder)) {
            store.append(result);
            store.append(Failure.of(Fixtures.spec(2), "out of luck"));
        }
        try (Store store = Store.open(folder)) {
            assertEquals(List.of(result), store.results());
            assertEquals(result, store.result(result.id()).orElseThrow());
            assertEquals("out of luck", store.failures().get(0).cause());
            assertTrue(store.remarks().isEmpty());
        }
    }

    @Test
    void aResultEndsTheFailuresOfItsSpec() {
        try (Store store = Store.open(folder)) {
            store.append(Failure.of(Fixtures.spec(1), "out of luck"));
            assertTrue(store.failure(Fixtures.spec(1).id()).isPresent());
            store.append(Fixtures.result(Fixtures.spec(1)));
            assertFalse(store.failure(Fixtures.spec(1).id()).isPresent());
            assertTrue(store.failures().isEmpty());
        }
    }

    @Test
    void oneOpenStoreSeesWhatAnotherAppends() {
        try (Store one = Store.open(folder); Store other = Store.open(folder)) {
            one.append(Fixtures.result(Fixtures.spec(1)));
            other.append(Fixtures.result(Fixtures.spec(2)));
            one.refresh();
            assertEquals(2, one.results().size());
            assertEquals(2, other.results().size());
        }
    }

    @Test
    void onlyATornRowIsLostWhereverItIsTorn() throws IOException {
        fill(1, 3);
        byte[] whole = Files.readAllBytes(segment());
        int second = new String(whole).indexOf('\n', new String(whole).indexOf('\n') + 1) + 1;
        for (int length = second; length < whole.length; length += 7) {
            Files.write(segment(), java.util.Arrays.copyOf(whole, length));
            try (Store store = Store.open(folder)) {
                assertEquals(2, store.results().size(), "torn at " + length);
            }
        }
    }

    @Test
    void aTornTailIsCutOffOnceItsWriterIsGone() throws IOException {
        fill(1, 2);
        Path own = segment();
        byte[] whole = Files.readAllBytes(own);
        LeaseOwner gone = new LeaseOwner("elsewhen", LeaseOwner.thisProcess().machine(), LeaseOwner.thisProcess().pid(), 1);
        Path torn = folder.resolve("rows/rows-" + gone.text() + "-abc.jsonl");
        Files.write(torn, java.util.Arrays.copyOf(whole, whole.length - 20));
        Files.setLastModifiedTime(torn, FileTime.from(Instant.now().minusSeconds(60)));
        Files.write(own, java.util.Arrays.copyOf(whole, whole.length - 20));
        Files.setLastModifiedTime(own, FileTime.from(Instant.now().minusSeconds(60)));
        try (Store store = Store.open(folder)) {
            assertEquals(1, store.results().size());
            assertEquals(1, store.remarks().size());
            assertTrue(store.remarks().get(0).contains("torn"), store.remarks().get(0));
        }
        assertEquals(new String(whole).indexOf('\n') + 1, Files.size(torn));
        assertEquals(whole.length - 20, Files.size(own), "its writer, this process, is alive");
    }

    @Test
    void aDamagedRowIsReportedAndTheRowsAroundItStay() throws IOException {
        fill(1, 3);
        byte[] bytes = Files.readAllBytes(segment());
        int second = new String(bytes).indexOf('\n') + 1;
        bytes[second + 100] ^= 1;
        Files.write(segment(), bytes);
        try (Store store = Store.open(folder)) {
            assertEquals(2, store.results().size());
            assertTrue(store.remarks().get(0).contains("damaged"), store.remarks().get(0));
        }
        assertArrayEquals(bytes, Files.readAllBytes(segment()), "nothing is destroyed");
    }

    @Test
    void aRowOfANewerReleaseIsKeptReportedAndNotRunAgain() throws IOException {
        fill(1, 2);
        String line = Files.readAllLines(segment()).get(0);
        String body = line.substring(0, line.lastIndexOf(",\"crc\"")).replace("\"version\":1", "\"version\":2");
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(body.getBytes());
        String newer = body + String.format(",\"crc\":\"%08x\"}", crc.getValue());
        Files.writeString(segment(), Files.readAllLines(segment()).get(1) + "\n" + newer + "\n");
        try (Store store = Store.open(folder)) {
            assertEquals(1, store.results().size());
            assertTrue(store.has(Fixtures.spec(1).id()));
            assertTrue(store.result(Fixtures.spec(1).id()).isEmpty());
            assertTrue(store.remarks().get(0).contains("newer release"), store.remarks().get(0));
        }
        assertTrue(Files.readString(segment()).contains(newer));
    }

    @Test
    void exportsAreTheSameWhateverTheOrderTheyWereMeasuredIn() throws IOException {
        fill(1, 20);
        String once = Csv.textOfResults(Store.open(folder).results());
        try (Store other = Store.open(folder.resolve("other"))) {
            LongStream.iterate(20, i -> i >= 1, i -> i - 1).mapToObj(Fixtures::spec).map(Fixtures::result).forEach(other::append);
            assertEquals(once, Csv.textOfResults(other.results()));
        }
        assertEquals(21, once.lines().count());
        assertTrue(once.lines().skip(2).findFirst().orElseThrow().contains(",2,"), "seeds are sorted as numbers");
    }

    @Test
    void anExportIsReadBackAndSavesRunningItAgain() {
        Spec odd = Fixtures.spec(1).with("plan", "a \"plan\", with, commas");
        try (Store store = Store.open(folder)) {
            store.append(Fixtures.result(Fixtures.spec(1)));
            store.append(Fixtures.result(odd));
            store.write(folder.resolve("results.csv"), Csv.text(store.results()));
            assertEquals(store.results(), Csv.read(folder.resolve("results.csv")));
        }
        Store empty = Store.open(folder.resolve("empty")).including(folder.resolve("results.csv"));
        assertTrue(empty.has(odd.id()));
        assertEquals(2, empty.results().size());
        assertFalse(Files.exists(folder.resolve("empty")), "looking makes no folder");
    }

    @Test
    void aStoreThatCannotBeWrittenSaysSo() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThrows(IllegalArgumentException.class, () -> Store.open(file));
        Path rows = Files.writeString(Files.createDirectories(folder.resolve("blocked")).resolve("rows"), "");
        assertTrue(Files.exists(rows));
        var error = assertThrows(RuntimeException.class, () -> Store.open(folder.resolve("blocked")).append(Fixtures.result(Fixtures.spec(1))));
        assertTrue(error.getMessage().contains("blocked"), error.getMessage());
    }

    @Test
    void aHundredThousandRowsOpenAndAnswerQuickly() throws IOException {
        Files.createDirectories(folder.resolve("rows"));
        try (var out = Files.newOutputStream(folder.resolve("rows/rows-big.jsonl"), StandardOpenOption.CREATE_NEW)) {
            for (int i = 1; i <= 100_000; i++) {
                out.write(Row.of(Fixtures.result(Fixtures.spec(i))));
            }
        }
        ThreadMXBean time = ManagementFactory.getThreadMXBean();
        long before = time.getCurrentThreadCpuTime();
        long began = System.nanoTime();
        Store store = Store.open(folder);
        assertEquals(77_777, store.result(Fixtures.spec(77_777).id()).orElseThrow().spec().seed());
        assertEquals(1000, store.results(spec -> spec.seed() <= 1000).size());
        long spent = (time.getCurrentThreadCpuTime() - before) / 1_000_000;
        System.out.printf("100,000 rows: opened, one looked up and a thousand found in %d ms; %d ms of this thread's own time%n",
                (System.nanoTime() - began) / 1_000_000, spent);
        // The thread's own time, since test machines are busy.
        assertTrue(spent < 1500, spent + " ms");
    }
}
