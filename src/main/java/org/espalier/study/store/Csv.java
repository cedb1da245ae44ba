package org.espalier.study.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.study.Provenance;
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
            .thenComparing(result -> result.spec().epochs()).thenComparing(result -> result.spec().seed());

    private static final List<String> EXPERIMENT = Stream.concat(Stream.of("id"), Spec.names().stream()).toList();
    private static final Map<String, Function<Result, Object>> OUTCOME = new LinkedHashMap<>();
    private static final Map<String, Function<Result, Object>> CIRCUMSTANCES = new LinkedHashMap<>();

    static {
        OUTCOME.put("before", Result::before);
        OUTCOME.put("pruned", Result::pruned);
        OUTCOME.put("last", Result::last);
        OUTCOME.put("best", result -> result.hasBest() ? result.best() : "");
        OUTCOME.put("bestEpoch", result -> result.hasBest() ? result.bestEpoch() : "");
        OUTCOME.put("split", Result::split);
        OUTCOME.put("parameters", Result::parameters);
        OUTCOME.put("macs", Result::macs);
        OUTCOME.put("originalSha256", Result::originalSha256);
        CIRCUMSTANCES.put("seconds", result -> String.format(Locale.ROOT, "%.1f", result.seconds()));
        CIRCUMSTANCES.put("history", Result::history);
        CIRCUMSTANCES.put("commit", result -> result.provenance().commit());
        CIRCUMSTANCES.put("djl", result -> result.provenance().djl());
        CIRCUMSTANCES.put("libtorch", result -> result.provenance().libtorch());
        CIRCUMSTANCES.put("device", result -> result.provenance().device());
        CIRCUMSTANCES.put("threads", result -> result.provenance().threads());
        CIRCUMSTANCES.put("layout", result -> result.provenance().layout());
        CIRCUMSTANCES.put("processor", result -> result.provenance().processor());
        CIRCUMSTANCES.put("host", result -> result.provenance().host());
        CIRCUMSTANCES.put("started", result -> result.provenance().started());
    }

    private Csv() {
    }

    /** All columns. */
    public static String text(List<Result> results) {
        Map<String, Function<Result, Object>> columns = new LinkedHashMap<>(OUTCOME);
        columns.putAll(CIRCUMSTANCES);
        return text(results, columns);
    }

    /** Without time and provenance: byte for byte the same for the same results. */
    public static String textOfResults(List<Result> results) {
        return text(results, OUTCOME);
    }

    /** As they stand in a store: one JSON object a line. */
    public static String json(List<Result> results) {
        return results.stream().sorted(ORDER).map(result -> new String(Row.of(result), StandardCharsets.UTF_8)).collect(Collectors.joining());
    }

    private static String text(List<Result> results, Map<String, Function<Result, Object>> columns) {
        String head = line(Stream.concat(EXPERIMENT.stream(), columns.keySet().stream()));
        return head + results.stream().sorted(ORDER).map(result -> line(Stream.of(Stream.of(result.id()),
                result.spec().fields().values().stream(), columns.values().stream().map(column -> column.apply(result)))
                .flatMap(values -> values))).collect(Collectors.joining());
    }

    private static String line(Stream<?> values) {
        return values.map(value -> quoted(value.toString())).collect(Collectors.joining(",", "", "\n"));
    }

    private static String quoted(String value) {
        return value.matches("[^\",\r\n]*") ? value : '"' + value.replace("\"", "\"\"") + '"';
    }

    /** Reads what {@link #text} wrote; columns are found by their names. @throws IllegalArgumentException that names the file and the line */
    public static List<Result> read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            List<String> head = lines.isEmpty() ? List.of() : split(lines.get(0));
            List<Result> results = new ArrayList<>();
            for (int i = 1; i < lines.size(); i++) {
                List<String> values = split(lines.get(i));
                if (values.size() != head.size()) {
                    throw new IllegalArgumentException("line " + (i + 1) + " of " + file + " has " + values.size()
                            + " values, its head " + head.size());
                }
                Map<String, String> row = new LinkedHashMap<>();
                for (int column = 0; column < head.size(); column++) {
                    row.put(head.get(column), values.get(column));
                }
                results.add(result(row, file, i + 1));
            }
            return Collections.unmodifiableList(results);
        } catch (IOException e) {
            throw new UncheckedIOException("the results in " + file + " can't be read: " + e.getMessage(), e);
        }
    }

    private static Result result(Map<String, String> row, Path file, int line) {
        try {
            Spec spec = Spec.parse(Spec.names().stream().filter(row::containsKey).map(field -> field + "=" + row.get(field))
                    .collect(Collectors.joining("; ")));
            return new Result(spec, Double.parseDouble(row.get("before")), Double.parseDouble(row.get("pruned")),
                    Double.parseDouble(row.get("last")),
                    row.get("best").isEmpty() ? Double.NaN : Double.parseDouble(row.get("best")),
                    row.get("best").isEmpty() ? 0 : Integer.parseInt(row.get("bestEpoch")),
                    row.get("split"), Long.parseLong(row.get("parameters")), Long.parseLong(row.get("macs")),
                    row.getOrDefault("originalSha256", ""), Double.parseDouble(row.get("seconds")), row.get("history"), new Provenance(row.get("commit"), row.get("djl"),
                    row.get("libtorch"), row.get("device"), Integer.parseInt(row.get("threads")), row.get("layout"),
                    row.getOrDefault("processor", "unknown"), row.get("host"),
                    Instant.parse(row.get("started"))));
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new IllegalArgumentException("line " + line + " of " + file + " is no result: " + e.getMessage(), e);
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
