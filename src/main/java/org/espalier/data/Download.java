package org.espalier.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
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
record Download(URI source, long bytes, String sha256, Duration patience) {
    private static final int ATTEMPTS = 6;

    Download(URI source, long bytes, String sha256) {
        this(source, bytes, sha256, Duration.ofSeconds(1));
    }

    String name() {
        String path = source.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /**
     * The file in this folder, downloaded unless it lies there. The caller holds a lock, if others may want the same.
     *
     * @throws IOException naming the source, what is wrong with it, and where to put a file that was fetched by other means
     */
    Path into(Path folder, ProgressListener progress) throws IOException {
        Path target = folder.resolve(name());
        if (Files.exists(target) && isRight(target)) {
            return target;
        }
        Path part = folder.resolve(name() + ".part");
        try {
            boolean resumed = Files.exists(part) && Files.size(part) > 0;
            receive(part, progress);
            if (resumed && !isRight(part)) {
                // What an earlier run left belonged to something else; once more from the beginning.
                Files.delete(part);
                receive(part, progress);
            }
            if (!isRight(part)) {
                String found = Files.size(part) + " bytes with SHA-256 " + Sha256.of(part);
                Files.delete(part);
                throw new IOException("the file is another one: expected " + bytes + " bytes with SHA-256 " + sha256 + ", received " + found);
            }
            move(part, target);
            return target;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException("cannot download " + source + ": " + e.getMessage() + ". Try again (what was received is kept), or put the file to "
                    + target + " yourself", e);
        }
    }

    private void receive(Path part, ProgressListener progress) throws IOException {
        for (int attempt = 1;; attempt++) {
            long before = Files.exists(part) ? Files.size(part) : 0;
            if (before == bytes) {
                return;
            }
            try {
                receiveRest(part, before, progress);
                return;
            } catch (InterruptedIOException | FileNotFoundException e) {
                if (!(e instanceof java.net.SocketTimeoutException)) {
                    throw e;
                }
                attempt = afterFailure(part, before, attempt, e);
            } catch (IOException e) {
                attempt = afterFailure(part, before, attempt, e);
            }
        }
    }

    /** Whoever gets on may go on; only attempts without a new byte are counted. */
    private int afterFailure(Path part, long before, int attempt, IOException failure) throws IOException {
        long now = Files.exists(part) ? Files.size(part) : 0;
        if (now > before) {
            return 0;
        }
        if (attempt == ATTEMPTS) {
            throw failure;
        }
        try {
            Thread.sleep(patience.toMillis() * attempt);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while downloading " + source);
        }
        return attempt;
    }

    private void receiveRest(Path part, long have, ProgressListener progress) throws IOException {
        long start = have < bytes ? have : 0;
        HttpURLConnection connection = open(start);
        try {
            int status = connection.getResponseCode();
            boolean appends = status == HttpURLConnection.HTTP_PARTIAL && start > 0
                    && String.valueOf(connection.getHeaderField("Content-Range")).startsWith("bytes " + start + "-");
            if (status == HttpURLConnection.HTTP_NOT_FOUND || status == HttpURLConnection.HTTP_GONE) {
                throw new FileNotFoundException("the server says that it isn't there (" + status + ")");
            }
            if (!appends && status != HttpURLConnection.HTTP_OK) {
                Files.deleteIfExists(part);
                throw new IOException("the server answers " + status + " " + connection.getResponseMessage());
            }
            try (InputStream in = connection.getInputStream();
                    OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                            appends ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
                copy(in, out, appends ? start : 0, progress);
            }
        } finally {
            connection.disconnect();
        }
    }

    private HttpURLConnection open(long start) throws IOException {
        URLConnection connection = source.toURL().openConnection();
        if (!(connection instanceof HttpURLConnection http)) {
            throw new IOException("only http and https are downloaded from");
        }
        http.setConnectTimeout(20_000);
        http.setReadTimeout(30_000);
        http.setRequestProperty("User-Agent", "espalier");
        http.setRequestProperty("Accept-Encoding", "identity");
        if (start > 0) {
            http.setRequestProperty("Range", "bytes=" + start + "-");
        }
        return http;
    }

    private void copy(InputStream in, OutputStream out, long start, ProgressListener progress) throws IOException {
        String what = "downloading " + name() + " (bytes)";
        byte[] buffer = new byte[1 << 16];
        long done = start;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            done += n;
            if (done > bytes) {
                throw new FileNotFoundException("the server sends more than the " + bytes + " bytes that the file has");
            }
            out.write(buffer, 0, n);
            progress.progressed(what, done, bytes);
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted after " + done + " of " + bytes + " bytes of " + source + "; the next call goes on there");
            }
        }
        if (done < bytes) {
            throw new IOException("the connection broke off after " + done + " of " + bytes + " bytes");
        }
    }

    private boolean isRight(Path file) throws IOException {
        return Files.size(file) == bytes && Sha256.of(file).equals(sha256);
    }

    static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
