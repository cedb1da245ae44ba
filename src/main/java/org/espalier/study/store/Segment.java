package org.espalier.study.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The file that one open store appends its rows to. No other process ever writes it, so writers need no lock, and a writer that is killed in
 * the middle of a line leaves a torn tail that nothing is written behind.
 */
final class Segment implements AutoCloseable {
    static final String PREFIX = "rows-";
    static final String SUFFIX = ".jsonl";
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final Path file;
    private final RandomAccessFile content;

    // No channel: an interrupt closes those, and a sweep's last result would be lost with it.
    private Segment(Path file, RandomAccessFile content) {
        this.file = file;
        this.content = content;
    }

    static Segment create(Path folder) {
        String code = Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
        Path file = folder.resolve(PREFIX + LeaseOwner.thisProcess().text() + "-" + code + SUFFIX);
        try {
            return new Segment(file, new RandomAccessFile(file.toFile(), "rw"));
        } catch (IOException e) {
            throw new UnwritableException(folder, e);
        }
    }

    /** The whole row reaches the disk, or nothing of it stays. @throws UnwritableException on a full disk, for instance */
    void append(byte[] row) {
        long before = -1;
        try {
            before = content.getFilePointer();
            content.write(row);
            content.getFD().sync();
        } catch (IOException e) {
            try {
                content.setLength(Math.max(0, before));
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw new UnwritableException(file, e);
        }
    }

    /**
     * Cuts a torn tail off a segment whose writer is known to be gone. Readers ignore a torn tail anyway; this keeps other tools from it.
     *
     * @param whole the length of the rows that are whole
     * @param seen  the length that the file had when the tail was seen: if it has grown since, there is no tail
     * @return whether it was cut
     */
    static boolean cutTail(Path file, long whole, long seen) {
        String name = file.getFileName().toString();
        int end = name.lastIndexOf('-');
        if (end < PREFIX.length()) {
            return false; // Not written by an open store.
        }
        String owner = name.substring(PREFIX.length(), end);
        try {
            boolean settled = Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(SETTLED));
            if (settled && LeaseOwner.parse(owner).map(LeaseOwner::isGone).orElse(false) && Files.isWritable(file)) {
                try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
                    if (content.length() != seen) {
                        return false;
                    }
                    content.setLength(whole);
                }
                return true;
            }
            return false;
        } catch (IOException e) {
            throw new UnwritableException(file, e);
        }
    }

    @Override
    public void close() {
        try {
            content.close();
        } catch (IOException e) {
            throw new UnwritableException(file, e);
        }
    }
}
