package org.espalier.data;

import static org.espalier.data.Faults.fails;
import static org.espalier.data.Faults.left;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.espalier.data.files.CacheFolder;
import org.espalier.data.files.Download;
import org.espalier.data.files.ProgressListener;
import org.espalier.text.Sha256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server on the loopback that breaks off, forgets ranges, or sends something else. */
class DownloadTest {
    private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());
    private byte[] file = noise(300_000);
    private int breakAfter = Integer.MAX_VALUE;
    private int breaks = Integer.MAX_VALUE;
    private boolean knowsRanges = true;
    private int status = 200;
    private HttpServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aFileArrivesIsCheckedAndIsNotFetchedTwice() throws IOException {
        List<Long> seen = new ArrayList<>();
        Path target = download().into(folder, (what, done, total) -> seen.add(done));
        assertArrayEquals(file, Files.readAllBytes(target));
        assertEquals(file.length, seen.get(seen.size() - 1));
        download().into(folder, ProgressListener.SILENT);
        assertEquals(1, ranges.size());
        assertEquals(List.of("file.tar.gz"), left(folder));
    }

    @Test
    void aConnectionThatBreaksOffAgainAndAgainIsResumedWhereItBroke() throws IOException {
        breakAfter = 70_000;
        Path target = download().into(folder, ProgressListener.SILENT);
        assertArrayEquals(file, Files.readAllBytes(target));
        assertEquals(5, ranges.size());
        assertEquals(List.of("none", "bytes=70000-", "bytes=140000-"), ranges.subList(0, 3));
    }

    @Test
    void whatAKilledProcessLeftIsGoneOnWith() throws IOException {
        Files.write(folder.resolve("file.tar.gz.part"), Arrays.copyOf(file, 123_456));
        assertArrayEquals(file, Files.readAllBytes(download().into(folder, ProgressListener.SILENT)));
        assertEquals(List.of("bytes=123456-"), ranges);
    }

    @Test
    void aLeftOverOfSomethingElseIsThrownAway() throws IOException {
        Files.write(folder.resolve("file.tar.gz.part"), new byte[1000]);
        assertArrayEquals(file, Files.readAllBytes(download().into(folder, ProgressListener.SILENT)));
        assertEquals(List.of("bytes=1000-", "none"), ranges);
        Files.write(folder.resolve("file.tar.gz"), new byte[file.length]);
        assertArrayEquals(file, Files.readAllBytes(download().into(folder, ProgressListener.SILENT)));
    }

    @Test
    void aServerWithoutRangesIsAskedForTheWholeFile() throws IOException {
        knowsRanges = false;
        breakAfter = 70_000;
        breaks = 1;
        assertArrayEquals(file, Files.readAllBytes(download().into(folder, ProgressListener.SILENT)));
        assertEquals(List.of("none", "bytes=70000-"), ranges);
    }

    @Test
    void anotherContentIsRefusedWithBothChecksumsAndThrownAway() throws IOException {
        Download right = download();
        file = noise(300_001);
        fails(IOException.class, () -> right.into(folder, ProgressListener.SILENT), right.source(), "more than the 300000 bytes");
        file = new byte[300_000];
        fails(IOException.class, () -> right.into(folder, ProgressListener.SILENT), right.sha256(), Sha256.of(file), "file.tar.gz yourself");
        assertEquals(List.of(), left(folder));
    }

    @Test
    void aServerThatSaysNoIsQuotedAtOnceAndASilentOneSoon() {
        status = 404;
        fails(IOException.class, () -> download().into(folder, ProgressListener.SILENT), "answers 404", download().source());
        assertEquals(1, ranges.size());
        status = 503;
        fails(IOException.class, () -> download().into(folder, ProgressListener.SILENT), "answers 503");
        assertEquals(5, ranges.size());
        server.stop(0);
        fails(IOException.class, () -> download().into(folder, ProgressListener.SILENT), "Connection refused", "yourself");
    }

    @Test
    void anInterruptStopsItAndKeepsWhatCame() throws IOException {
        ProgressListener stop = (what, done, total) -> Thread.currentThread().interrupt();
        assertThrows(InterruptedIOException.class, () -> download().into(folder, stop));
        assertTrue(Thread.interrupted());
        assertTrue(Files.size(folder.resolve("file.tar.gz.part")) > 0);
    }

    @Test
    void cifar10IsDownloadedOnceForAllThatAskTogetherAndThenRead() throws IOException {
        file = archiveOfCifar();
        breakAfter = file.length / 2;
        breaks = 1;
        CacheFolder cache = new CacheFolder(folder.resolve("cache"));
        List<CompletableFuture<Dataset>> all = IntStream.range(0, 3).mapToObj(i -> CompletableFuture
                .supplyAsync(() -> Cifar.CIFAR10.cached(cache, download(), ProgressListener.SILENT))).toList();
        all.forEach(one -> assertEquals(10, one.join().train().size()));
        assertEquals(2, ranges.size());
        assertEquals(List.of("cifar-10-batches-bin"), left(cache.path()));
    }

    @Test
    void damagedFilesOfCifar10AreDownloadedAgainAndStayWhereTheyCannotBe() throws IOException {
        file = archiveOfCifar();
        CacheFolder cache = new CacheFolder(folder.resolve("cache"));
        Dataset data = Cifar.CIFAR10.cached(cache, download(), ProgressListener.SILENT);
        Path inside = cache.path().resolve("cifar-10-batches-bin");
        Files.write(inside.resolve("test_batch.bin"), new byte[5]);
        assertEquals(data, Cifar.CIFAR10.cached(cache, download(), ProgressListener.SILENT));
        Files.delete(inside.resolve("data_batch_3.bin"));
        assertEquals(data, Cifar.CIFAR10.cached(cache, download(), ProgressListener.SILENT));
        assertEquals(data, Cifar.CIFAR10.cached(cache, download(), ProgressListener.SILENT));
        assertEquals(3, ranges.size());
        Path damaged = Files.write(inside.resolve("test_batch.bin"), new byte[5]);
        status = 404;
        fails(UncheckedIOException.class, () -> Cifar.CIFAR10.cached(cache, download(), ProgressListener.SILENT), inside + " can't be read",
                "answers 404", "cifar10(folder)");
        assertEquals(5, Files.size(damaged));
        assertEquals(List.of("cifar-10-batches-bin"), left(cache.path()));
    }

    @Test
    void anArchiveOfSomethingElseLeavesNoFolderBehind() throws IOException {
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
                put(tar, "other/readme", "hello".getBytes(StandardCharsets.UTF_8));
            }
            file = bytes.toByteArray();
        }
        fails(UncheckedIOException.class, () -> Cifar.CIFAR10.cached(new CacheFolder(folder), download(), ProgressListener.SILENT),
                "holds no folder cifar-10-batches-bin", "cifar10(folder)");
        assertEquals(List.of("file.tar.gz"), left(folder));
    }

    @Test
    void fashionMnistSaysWhatElseCanBeDoneWhenTheDownloadFails() {
        status = 404;
        fails(UncheckedIOException.class,
                () -> FashionMnist.full(folder.resolve("none"), new CacheFolder(folder), List.of(download()), ProgressListener.SILENT),
                "answers 404", "dataset-fashion-mnist");
    }

    private Download download() {
        URI source = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/some/file.tar.gz");
        return new Download(source, file.length, Sha256.of(file), Duration.ofMillis(1));
    }

    /** Announces everything that is asked for, and closes the connection after {@code breakAfter} bytes, {@code breaks} times. */
    private void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(range == null ? "none" : range);
        if (status != 200) {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
            return;
        }
        int start = range == null || !knowsRanges ? 0 : Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
        exchange.getResponseHeaders().set("Content-Range", "bytes " + start + "-" + (file.length - 1) + "/" + file.length);
        exchange.sendResponseHeaders(range != null && knowsRanges ? 206 : 200, file.length - start);
        boolean breaksOff = file.length - start > breakAfter && breaks-- > 0;
        exchange.getResponseBody().write(file, start, breaksOff ? breakAfter : file.length - start);
        exchange.close();
    }

    private byte[] archiveOfCifar() throws IOException {
        Path made = Files.createDirectories(folder.resolve("made"));
        CifarTest.write(made, 2);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            for (String name : left(made)) {
                put(tar, "cifar-10-batches-bin/" + name, Files.readAllBytes(made.resolve(name)));
            }
        }
        return bytes.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
