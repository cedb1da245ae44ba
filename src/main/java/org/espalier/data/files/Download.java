package org.espalier.data.files;

import org.espalier.text.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * One public file, known by its length and SHA-256. What was received stays in a {@code .part} file until it is complete and checked, so a broken
 * connection, or a killed process, costs only the rest; a file under its own name is always the right one.
 */
public record Download(URI source, long bytes, String sha256, Duration patience) {
    private static final int ATTEMPTS = 4;

    public Download(URI source, long bytes, String sha256) {
        this(source, bytes, sha256, Duration.ofMillis(500));
    }

    /** What trying again won't change. */
    private static final class Refused extends IOException {
        Refused(String message) {
            super(message);
        }
    }

    /** The last part of the source. */
    public String name() {
        String path = source.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /**
     * The file in this folder, downloaded unless it lies there. The caller holds a lock, if others may want the same.
     *
     * @throws IOException naming the source, what is wrong with it, and where to put a file that was fetched by other means
     */
    public Path into(Path folder, ProgressListener progress) throws IOException {
        Path target = folder.resolve(name());
        if (Files.exists(target) && isRight(target)) {
            return target;
        }
        Path part = folder.resolve(name() + ".part");
        try {
            boolean leftOver = sizeOf(part) > 0;
            receive(part, progress);
            if (leftOver && !isRight(part)) {
                // What an earlier call left was no beginning of this file; once more from nothing.
                Files.delete(part);
                receive(part, progress);
            }
            if (!isRight(part)) {
                String found = sizeOf(part) + " bytes with SHA-256 " + Sha256.of(part);
                Files.delete(part);
                throw new Refused("expected " + bytes + " bytes with SHA-256 " + sha256 + ", received " + found + ", and threw it away");
            }
            move(part, target);
            return target;
        } catch (IOException e) {
            if (isInterrupt(e)) {
                throw e;
            }
            throw new IOException("cannot download " + source + " (" + e.getMessage() + "). Try again, or put the file to " + target + " yourself",
                    e);
        }
    }

    /** As long as something comes it goes on; only attempts in a row that brought nothing are counted. */
    private void receive(Path part, ProgressListener progress) throws IOException {
        for (int inVain = 0; sizeOf(part) != bytes;) {
            long before = sizeOf(part);
            try {
                receiveRest(part, progress);
            } catch (IOException e) {
                inVain = sizeOf(part) > before ? 0 : inVain + 1;
                if (e instanceof Refused || isInterrupt(e) || inVain == ATTEMPTS) {
                    throw e;
                }
                pause(inVain);
            }
        }
    }

    /** Java counts a timeout among them, too. */
    private static boolean isInterrupt(IOException e) {
        return e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException);
    }

    private void pause(int inVain) throws IOException {
        try {
            Thread.sleep(patience.toMillis() * inVain);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while downloading " + source);
        }
    }

    private void receiveRest(Path part, ProgressListener progress) throws IOException {
        long have = sizeOf(part) < bytes ? sizeOf(part) : 0;
        HttpURLConnection connection = open(have);
        try {
            int status = connection.getResponseCode();
            boolean rest = status == HttpURLConnection.HTTP_PARTIAL && have > 0
                    && String.valueOf(connection.getHeaderField("Content-Range")).startsWith("bytes " + have + "-");
            if (!rest && status != HttpURLConnection.HTTP_OK) {
                String answer = "the server answers " + status + " " + connection.getResponseMessage();
                throw status < 500 ? new Refused(answer) : new IOException(answer);
            }
            try (InputStream in = connection.getInputStream();
                    OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                            rest ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
                copy(in, out, rest ? have : 0, progress);
            }
        } finally {
            connection.disconnect();
        }
    }

    private HttpURLConnection open(long have) throws IOException {
        if (!(source.toURL().openConnection() instanceof HttpURLConnection connection)) {
            throw new Refused("only http and https are downloaded from");
        }
        connection.setConnectTimeout(20_000);
        connection.setReadTimeout(30_000);
        connection.setRequestProperty("User-Agent", "espalier");
        if (have > 0) {
            connection.setRequestProperty("Range", "bytes=" + have + "-");
        }
        return connection;
    }

    private void copy(InputStream in, OutputStream out, long start, ProgressListener progress) throws IOException {
        String what = "downloading " + name() + " (bytes)";
        byte[] buffer = new byte[1 << 16];
        long done = start;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            done += n;
            if (done > bytes) {
                throw new Refused("the server sends more than the " + bytes + " bytes that the file should have");
            }
            out.write(buffer, 0, n);
            progress.progressed(what, done, bytes);
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted after " + done + " of " + bytes + " bytes of " + source
                        + "; the next call goes on there");
            }
        }
        if (done < bytes) {
            throw new IOException("the connection broke off after " + done + " of " + bytes + " bytes");
        }
    }

    private boolean isRight(Path file) throws IOException {
        return sizeOf(file) == bytes && Sha256.of(file).equals(sha256);
    }

    private static long sizeOf(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /** Replaces what is there in one step, where the file system can do that. */
    public static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
