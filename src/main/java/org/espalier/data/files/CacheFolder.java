package org.espalier.data.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Where downloads and decoded images are kept, shared by all processes of a user. Whatever lies there can be deleted at any time. */
public record CacheFolder(Path path) {

    /** A process loses its lock on a file as soon as any of its threads closes that file: only one may have it open. */
    private static final Map<Path, ReentrantLock> IN_THIS_PROCESS = new ConcurrentHashMap<>();

    /** {@code ESPALIER_CACHE}, else {@code XDG_CACHE_HOME/espalier}, else {@code ~/.cache/espalier}. */
    public static CacheFolder ofUser() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static CacheFolder of(Map<String, String> environment, Path home) {
        String own = environment.getOrDefault("ESPALIER_CACHE", "");
        if (!own.isBlank()) {
            return new CacheFolder(Path.of(own).toAbsolutePath());
        }
        // The XDG specification has relative paths ignored.
        Path xdg = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
        return new CacheFolder((xdg.isAbsolute() ? xdg : home.resolve(".cache")).resolve("espalier"));
    }

    /** What is done while nobody else does it. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    /**
     * One process and one thread at a time does the work of this name; others wait.
     *
     * @throws IOException of the work, or when the folder can't be made or written to, in words that say which and what to set
     */
    public <T> T alone(String name, Work<T> work) throws IOException {
        Path file = real().resolve(name + ".lock");
        ReentrantLock ownThreads = IN_THIS_PROCESS.computeIfAbsent(file, any -> new ReentrantLock());
        try {
            ownThreads.lockInterruptibly();
            // Closing the channel gives the lock back.
            try (FileChannel channel = open(file)) {
                channel.lock();
                return work.run();
            } finally {
                ownThreads.unlock();
            }
        } catch (InterruptedException | FileLockInterruptionException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + file);
        }
    }

    /** The folder under the one name that all others lead to, so that one file has one lock. */
    private Path real() throws IOException {
        try {
            return Files.createDirectories(path).toRealPath();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private FileChannel open(Path file) throws IOException {
        try {
            // The folder may have been deleted while others were waited for.
            Files.createDirectories(file.getParent());
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private IOException unwritable(IOException e) {
        return new IOException("the cache folder " + path + " can't be written to (" + e + "); set ESPALIER_CACHE to one that can", e);
    }
}
