package org.espalier.data.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CacheFolderTest {
    @TempDir
    private Path temporary;
    private Path folder;

    /** Works alone in the folder of its argument until it is killed. */
    static final class Other {
        public static void main(String[] arguments) throws IOException {
            new CacheFolder(Path.of(arguments[0])).alone("work", () -> {
                System.out.println("begun");
                return System.in.read();
            });
        }
    }

    @BeforeEach
    void makeItsParentOnly() {
        folder = temporary.resolve("cache");
    }

    @Test
    void theCacheFolderFollowsTheEnvironment() {
        Path home = Path.of("/home/me");
        assertEquals(Path.of("/here"), CacheFolder.of(Map.of("ESPALIER_CACHE", "/here", "XDG_CACHE_HOME", "/xdg"), home).path());
        assertEquals(Path.of("/xdg/espalier"), CacheFolder.of(Map.of("ESPALIER_CACHE", "", "XDG_CACHE_HOME", "/xdg"), home).path());
        assertEquals(Path.of("/home/me/.cache/espalier"), CacheFolder.of(Map.of("XDG_CACHE_HOME", "relative"), home).path());
    }

    @Test
    void oneThreadAtATimeWhateverNamesTheFolderGoesBy() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), Files.createDirectory(folder));
        Path relative = Path.of("").toAbsolutePath().relativize(folder);
        List<Path> names = List.of(folder, link, relative, folder.resolve("..").resolve("cache"));
        AtomicInteger inside = new AtomicInteger();
        List<CompletableFuture<Integer>> all = IntStream.range(0, 40).mapToObj(i -> CompletableFuture.supplyAsync(() -> {
            try {
                return new CacheFolder(names.get(i % names.size())).alone("work", () -> {
                    int others = inside.getAndIncrement();
                    Thread.yield();
                    inside.decrementAndGet();
                    return others;
                });
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }, task -> new Thread(task).start())).toList();
        all.forEach(one -> assertEquals(0, one.join()));
    }

    @Test
    void whoWaitsForAnotherThreadCanBeInterruptedAndFollowsIt() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        FutureTask<String> other = started(() -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
            return "other";
        }).task();
        begun.await();
        waitsAndFollows(end::countDown);
        assertEquals("other", other.get());
    }

    @Test
    void whoWaitsForAnotherProcessCanBeInterruptedAndFollowsItWhenItIsKilled() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", Other.class.getName(), folder.toString());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process other = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            assertEquals('b', other.getInputStream().read());
            waitsAndFollows(other::destroyForcibly);
        } finally {
            other.destroyForcibly();
        }
    }

    private record Started(Thread thread, FutureTask<String> task) {
    }

    private Started started(CacheFolder.Work<String> work) {
        FutureTask<String> task = new FutureTask<>(() -> {
            try {
                return new CacheFolder(folder).alone("work", work);
            } catch (InterruptedIOException e) {
                return e.getMessage() + ", flag " + Thread.currentThread().isInterrupted();
            }
        });
        Thread thread = new Thread(task);
        thread.start();
        return new Started(thread, task);
    }

    private void waitsAndFollows(Runnable end) throws Exception {
        // The first waits for the file, the second behind it for the first.
        Started impatient = started(() -> "impatient");
        Thread.sleep(100);
        Started patient = started(() -> "patient");
        Thread.sleep(100);
        assertFalse(impatient.task().isDone() || patient.task().isDone());
        impatient.thread().interrupt();
        String message = impatient.task().get(10, TimeUnit.SECONDS);
        assertTrue(message.contains("interrupted while waiting for " + folder.toRealPath().resolve("work.lock") + ", flag true"), message);
        assertFalse(patient.task().isDone());
        end.run();
        assertEquals("patient", patient.task().get());
    }
}
