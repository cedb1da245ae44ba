package org.espalier.study.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.espalier.study.Result;
import org.espalier.study.Spec;

/**
 * Reads a CSV file of results and trusts nothing in it: a study goes on from these numbers. What was cut, edited by hand or written by a newer
 * release is refused as a whole, with the line and the reason.
 */
final class CsvReader {
    /** Columns that older releases didn't write, or that are there only where a result has some. */
    private static final Set<String> LATER = Set.of("originalSha256", "processor", ResultFields.ARCHITECTURE, ResultFields.REMARKS, ResultFields.TOP_FIVE);

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
        List<String> missing = Csv.columns().stream().filter(name -> !head.contains(name) && !LATER.contains(name) && !Spec.names().contains(name)).toList();
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
        Map<String, String> row = new LinkedHashMap<>();
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
        return ResultFields.read(Spec.parse(Spec.names().stream().filter(row::containsKey).map(field -> field + "=" + row.get(field))
                .collect(Collectors.joining("; "))), row);
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
