package org.espalier.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** Where downloads and decoded images are kept, shared by all processes of a user. Whatever lies there can be deleted at any time. */
record CacheFolder(Path path) {

    /** {@code ESPALIER_CACHE}, else {@code XDG_CACHE_HOME/espalier}, else {@code ~/.cache/espalier}. */
    static CacheFolder ofUser() {
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

    /** Held until closed; a second process or thread that asks for the same name waits. */
    record Held(FileChannel channel, FileLock lock) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** @throws IOException when the folder can't be made or written to, in words that say which and what to set */
    Held lock(String name) throws IOException {
        FileChannel channel;
        try {
            Files.createDirectories(path);
            channel = FileChannel.open(path.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException("the cache folder " + path + " can't be written to (" + e + "); set ESPALIER_CACHE to one that can", e);
        }
        try {
            while (true) {
                try {
                    return new Held(channel, channel.lock());
                } catch (OverlappingFileLockException heldByAnotherThread) {
                    Thread.sleep(50);
                }
            }
        } catch (InterruptedException | FileLockInterruptionException e) {
            channel.close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + path.resolve(name + ".lock"));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }
}
