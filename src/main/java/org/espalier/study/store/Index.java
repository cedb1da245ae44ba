package org.espalier.study.store;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Where each row of a store's folder is, by id, as far as it was read. Rows are checked when they are found, and parsed when they are asked for. */
final class Index {
    private static final int MOST_AT_ONCE = 1 << 30;

    private final Path folder;
    private final Map<Path, Long> read = new HashMap<>();
    private final Map<String, Line> results = new LinkedHashMap<>();
    private final Map<String, Line> failures = new LinkedHashMap<>();
    private final Map<String, Line> newer = new LinkedHashMap<>();
    private final List<String> remarks = new ArrayList<>();

    record Line(byte[] bytes, int start, int end) {
        String text() {
            return new String(bytes, start, end - start, StandardCharsets.UTF_8);
        }
    }

    /** @param folder with the segments */
    Index(Path folder) {
        this.folder = folder;
    }

    Map<String, Line> results() {
        return results;
    }

    /** The latest of each spec, whether or not it has a result. */
    Map<String, Line> failures() {
        return failures;
    }

    Map<String, Line> newer() {
        return newer;
    }

    /** What was torn or damaged, in sentences. */
    List<String> remarks() {
        return remarks;
    }

    /** Reads what was appended since, by whomever. */
    synchronized void refresh() {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                String name = file.getFileName().toString();
                if (name.startsWith(Segment.PREFIX) && name.endsWith(Segment.SUFFIX)) {
                    read(file);
                }
            }
        } catch (NoSuchFileException e) {
            // Nothing was stored yet.
        } catch (IOException e) {
            throw new UncheckedIOException("the store's rows in " + folder + " can't be read: " + e.getMessage(), e);
        }
    }

    private void read(Path file) throws IOException {
        long from = read.getOrDefault(file, 0L);
        // Of a file that is gone, 0; the look at the others goes on.
        if (file.toFile().length() <= from) {
            return;
        }
        byte[] bytes;
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
            if (content.length() <= from) {
                return;
            }
            bytes = new byte[(int) Math.min(content.length() - from, MOST_AT_ONCE)];
            content.seek(from);
            content.readFully(bytes);
        } catch (EOFException e) {
            return; // Somebody cut a torn tail off this moment; the next look reads again.
        }
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                index(file, new Line(bytes, start, i));
                start = i + 1;
            }
        }
        read.put(file, from + start);
        if (bytes.length == MOST_AT_ONCE && start > 0) {
            read(file);
        } else if (start < bytes.length && Segment.cutTail(file, from + start, from + bytes.length)) {
            remarks.add("cut " + (bytes.length - start) + " bytes of a torn row off the end of " + file);
        }
    }

    private void index(Path file, Line line) {
        Row.Kind kind = Row.kind(line.bytes, line.start, line.end);
        if (kind == Row.Kind.DAMAGED) {
            remarks.add("ignored a damaged row in " + file + " (" + (line.end - line.start) + " bytes); the rows around it are intact");
            return;
        }
        String id = Row.id(line.bytes, line.start);
        switch (kind) {
            case RESULT -> results.putIfAbsent(id, line);
            case FAILURE -> failures.put(id, line);
            case NEWER_FAILURE -> failures.put(id, line);
            default -> newer.put(id, line);
        }
    }

    /** A row with a sound checksum that can't be read was written by a newer release: it stays where it is. */
    <T> Stream<T> parsed(Line line, Function<String, T> row) {
        try {
            return Stream.of(row.apply(line.text()));
        } catch (IllegalArgumentException e) {
            synchronized (this) {
                newer.putIfAbsent(Row.id(line.bytes, line.start), line);
            }
            return Stream.empty();
        }
    }
}
