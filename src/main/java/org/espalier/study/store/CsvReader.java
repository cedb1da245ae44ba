package org.espalier.study.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.espalier.study.Provenance;
import org.espalier.study.Result;
import org.espalier.study.Spec;

/**
 * Reads a CSV file of results and trusts nothing in it: a study goes on from these numbers. What was cut, edited by hand or written by a newer
 * release is refused as a whole, with the line and the reason.
 */
final class CsvReader {
    /** Columns that older releases didn't write, and what their absence means. */
    private static final Map<String, String> LATER = Map.of("originalSha256", "", "processor", "unknown", "architecture", "", Csv.REMARKS, "", Csv.TOP_FIVE, "");

    private final Path file;
    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<String, Result> results = new LinkedHashMap<>();
    private final Map<Spec, Result> originals = new HashMap<>();

    private CsvReader(Path file) {
        this.file = file;
    }

    static List<Result> read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the results in " + file + " can't be read: " + e.getMessage(), e);
        }
        List<String> lines = text.lines().toList();
        if (lines.isEmpty()) {
            throw new IllegalArgumentException(file + " is empty; 'espalier export' writes results");
        }
        CsvReader reader = new CsvReader(file);
        List<String> head = reader.head(lines.get(0));
        for (int number = 2; number <= lines.size(); number++) {
            reader.line(number, head, lines.get(number - 1));
        }
        if (!text.endsWith("\n")) {
            throw reader.refused(lines.size(), "has no end: the file was cut there. Copy or export it again", null);
        }
        return List.copyOf(reader.results.values());
    }

    private List<String> head(String line) {
        List<String> head = split(line);
        List<String> unknown = head.stream().filter(name -> !Csv.columns().contains(name)).toList();
        List<String> missing = Csv.columns().stream().filter(name -> !head.contains(name) && !LATER.containsKey(name) && !Spec.names().contains(name)).toList();
        if (!missing.isEmpty()) {
            throw refused(1, "lacks the columns " + missing + "; it is no whole export (made with --results-only?)", null);
        }
        if (!unknown.isEmpty()) {
            throw refused(1, "has columns that this release doesn't know: " + unknown + ". Was it written by a newer release of Espalier? Update to read it", null);
        }
        if (head.stream().distinct().count() < head.size()) {
            throw refused(1, "names a column twice", null);
        }
        return head;
    }

    private void line(int number, List<String> head, String line) {
        List<String> values = split(line);
        if (values.size() != head.size()) {
            throw refused(number, "has " + values.size() + " values, the head " + head.size() + ": it was cut or edited. Copy or export the file again", null);
        }
        Map<String, String> row = new LinkedHashMap<>(LATER);
        for (int column = 0; column < head.size(); column++) {
            row.put(head.get(column), values.get(column));
        }
        Result result;
        try {
            result = result(row);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw refused(number, "is no result: " + e.getMessage(), e);
        }
        if (!result.id().equals(row.get("id"))) {
            throw refused(number, "has the id " + row.get("id") + ", but its fields belong to " + result.id() + ": one of them was edited", null);
        }
        Result before = results.putIfAbsent(result.id(), result);
        if (before != null && !before.equals(result)) {
            throw refused(number, "gives " + result.id() + " other values than line " + lines.get(result.id()) + "; one experiment has one row", null);
        }
        lines.putIfAbsent(result.id(), number);
        if (!result.originalSha256().isEmpty()) {
            Result first = originals.putIfAbsent(result.spec().parent(), result);
            if (first != null && !first.originalSha256().equals(result.originalSha256())) {
                throw refused(number, "started from another original network (SHA-256 " + result.originalSha256() + ") than line "
                        + lines.get(first.id()) + " (" + first.originalSha256() + "), under the same id " + result.spec().parent().id(), null);
            }
        }
    }

    private IllegalArgumentException refused(int line, String why, Exception cause) {
        return new IllegalArgumentException("line " + line + " of " + file + " " + why, cause);
    }

    private static Result result(Map<String, String> row) {
        Spec spec = Spec.parse(Spec.names().stream().filter(row::containsKey).map(field -> field + "=" + row.get(field)).collect(Collectors.joining("; ")));
        boolean best = !row.get("best").isEmpty();
        if (best == row.get("bestEpoch").isEmpty()) {
            throw new IllegalArgumentException("best and bestEpoch stand together or not at all, not '" + row.get("best") + "' and '" + row.get("bestEpoch") + "'");
        }
        return new Result(spec, share(row, "before"), share(row, "pruned"), share(row, "last"), best ? share(row, "best") : Double.NaN,
                best ? (int) whole(row, "bestEpoch") : 0, row.get("split"), whole(row, "parameters"), whole(row, "macs"),
                row.get("originalSha256"), number(row, "seconds"), row.get("history"), new Provenance(row.get("commit"), row.get("djl"),
                row.get("libtorch"), row.get("device"), (int) whole(row, "threads"), row.get("layout"), row.get("processor"), row.get("host"),
                Instant.parse(row.get("started"))), row.get("architecture"), Csv.remarks(row.get(Csv.REMARKS)),
                row.get(Csv.TOP_FIVE).isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(share(row, Csv.TOP_FIVE)));
    }

    private static double share(Map<String, String> row, String name) {
        double value = number(row, name);
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " is a share of the test images, 0 to 1, not " + row.get(name));
        }
        return value;
    }

    private static double number(Map<String, String> row, String name) {
        try {
            return Double.parseDouble(row.get(name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is a number, not '" + row.get(name) + "'", e);
        }
    }

    private static long whole(Map<String, String> row, String name) {
        try {
            long value = Long.parseLong(row.get(name));
            if (value < 0 || value > 1L << 50) {
                throw new IllegalArgumentException(name + " is at least 0, not " + value);
            }
            return value;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is a whole number, not '" + row.get(name) + "'", e);
        }
    }

    private static List<String> split(String line) {
        List<String> values = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                value.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                values.add(value.toString());
                value.setLength(0);
            } else {
                value.append(c);
            }
        }
        values.add(value.toString());
        return values;
    }
}
