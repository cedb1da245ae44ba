package org.espalier.study.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.study.Result;
import org.espalier.study.Spec;

/**
 * Results as comma-separated values (RFC 4180, a header line, UTF-8, {@code \n}): first what was run and what came out, which is the same for
 * the same results wherever they were measured; then, in columns of their own, time and provenance.
 */
public final class Csv {
    /** By experiment: field by field, numbers as numbers. */
    public static final Comparator<Result> ORDER = Comparator.comparing((Result result) -> result.spec().data())
            .thenComparing(result -> result.spec().network()).thenComparing(result -> result.spec().weights())
            .thenComparing(result -> result.spec().original()).thenComparing(result -> result.spec().originalSeed())
            .thenComparing(result -> result.spec().recipe()).thenComparing(result -> result.spec().plan())
            .thenComparing(result -> result.spec().criterion()).thenComparing(result -> result.spec().schedule())
            .thenComparing(result -> result.spec().epochs()).thenComparing(result -> result.spec().seed())
            .thenComparing(result -> result.spec().method());

    private static final List<String> EXPERIMENT = Stream.concat(Stream.of("id"), Spec.names().stream()).toList();
    private static final List<String> OUTCOME = List.of("before", "pruned", "last", "best", "bestEpoch", "split", "parameters", "macs",
            ResultFields.ARCHITECTURE, "originalSha256", ResultFields.REMARKS, ResultFields.TOP_FIVE);
    private static final List<String> CIRCUMSTANCES = List.of("seconds", "history", "commit", "djl", "libtorch", "device", "threads", "layout",
            "processor", "host", "started");
    /** Columns that are there only where a result has some: files of results without are what they were before there were any. */
    private static final List<String> OPTIONAL = List.of("method", ResultFields.ARCHITECTURE, ResultFields.REMARKS, ResultFields.TOP_FIVE);

    private Csv() {
    }

    /** All columns. */
    public static String text(List<Result> results) {
        return text(results, columns());
    }

    /** Without time and provenance: byte for byte the same for the same results. */
    public static String textOfResults(List<Result> results) {
        return text(results, Stream.concat(EXPERIMENT.stream(), OUTCOME.stream()).toList());
    }

    private static String text(List<Result> results, List<String> columns) {
        List<Map<String, Object>> rows = results.stream().sorted(ORDER).map(Csv::row).toList();
        List<String> there = columns.stream().filter(name -> !OPTIONAL.contains(name)
                || rows.stream().anyMatch(row -> !row.getOrDefault(name, "").equals(""))).toList();
        return line(there.stream()) + rows.stream().map(row -> line(there.stream().map(name -> row.getOrDefault(name, ""))))
                .collect(Collectors.joining());
    }

    private static Map<String, Object> row(Result result) {
        Map<String, Object> row = new LinkedHashMap<>(Map.of("id", result.id()));
        row.putAll(result.spec().fields());
        row.putAll(ResultFields.of(result));
        row.put("seconds", String.format(Locale.ROOT, "%.1f", result.seconds()));
        return row;
    }

    /** As they stand in a store: one JSON object a line. */
    public static String json(List<Result> results) {
        return results.stream().sorted(ORDER).map(result -> new String(Row.of(result), StandardCharsets.UTF_8)).collect(Collectors.joining());
    }

    private static String line(Stream<?> values) {
        return values.map(value -> quoted(value.toString())).collect(Collectors.joining(",", "", "\n"));
    }

    private static String quoted(String value) {
        return value.matches("[^\",\r\n]*") ? value : '"' + value.replace("\"", "\"\"") + '"';
    }

    /** The columns of a file that {@link #text} wrote, in its order. */
    static List<String> columns() {
        return Stream.of(EXPERIMENT, OUTCOME, CIRCUMSTANCES).flatMap(List::stream).toList();
    }

    /**
     * Reads what {@link #text} wrote; columns are found by their names.
     *
     * @throws IllegalArgumentException that names the file, the line and what is wrong with it: cut, edited by hand, or of a newer release
     */
    public static List<Result> read(Path file) {
        return CsvReader.read(file);
    }
}
