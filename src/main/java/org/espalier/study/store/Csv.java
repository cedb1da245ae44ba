package org.espalier.study.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
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
    private static final Map<String, Function<Result, Object>> OUTCOME = new LinkedHashMap<>();
    private static final Map<String, Function<Result, Object>> CIRCUMSTANCES = new LinkedHashMap<>();
    /** Columns that are there only where a result has some: files of results without are what they were before there were any. */
    private static final String METHOD = "method";
    private static final String ARCHITECTURE = "architecture";
    static final String REMARKS = "remarks";
    static final String TOP_FIVE = "lastTopFive";
    private static final String BETWEEN = " | ";

    static {
        OUTCOME.put("before", Result::before);
        OUTCOME.put("pruned", Result::pruned);
        OUTCOME.put("last", Result::last);
        OUTCOME.put("best", result -> result.hasBest() ? result.best() : "");
        OUTCOME.put("bestEpoch", result -> result.hasBest() ? result.bestEpoch() : "");
        OUTCOME.put("split", Result::split);
        OUTCOME.put("parameters", Result::parameters);
        OUTCOME.put("macs", Result::macs);
        OUTCOME.put(ARCHITECTURE, Result::architecture);
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
        Map<String, Function<Result, Object>> columns = outcome(results);
        columns.putAll(CIRCUMSTANCES);
        return text(results, columns);
    }

    /** Without time and provenance: byte for byte the same for the same results. */
    public static String textOfResults(List<Result> results) {
        return text(results, outcome(results));
    }

    private static Map<String, Function<Result, Object>> outcome(List<Result> results) {
        Map<String, Function<Result, Object>> columns = new LinkedHashMap<>(OUTCOME);
        if (results.stream().allMatch(result -> result.architecture().isEmpty())) {
            columns.remove(ARCHITECTURE);
        }
        if (results.stream().anyMatch(result -> !result.remarks().isEmpty())) {
            columns.put(REMARKS, result -> joined(result.remarks()));
        }
        if (results.stream().anyMatch(result -> result.lastTopFive().isPresent())) {
            columns.put(TOP_FIVE, result -> result.lastTopFive().isPresent() ? result.lastTopFive().getAsDouble() : "");
        }
        return columns;
    }

    static String joined(List<String> remarks) {
        return String.join(BETWEEN, remarks);
    }

    static List<String> remarks(String joined) {
        return joined.isEmpty() ? List.of() : List.of(joined.split(Pattern.quote(BETWEEN)));
    }

    /** As they stand in a store: one JSON object a line. */
    public static String json(List<Result> results) {
        return results.stream().sorted(ORDER).map(result -> new String(Row.of(result), StandardCharsets.UTF_8)).collect(Collectors.joining());
    }

    private static String text(List<Result> results, Map<String, Function<Result, Object>> columns) {
        boolean methods = results.stream().anyMatch(result -> !result.spec().method().isEmpty());
        String head = line(Stream.concat(EXPERIMENT.stream().filter(name -> methods || !name.equals(METHOD)), columns.keySet().stream()));
        return head + results.stream().sorted(ORDER).map(result -> line(Stream.of(Stream.of(result.id()),
                result.spec().fields().entrySet().stream().filter(field -> methods || !field.getKey().equals(METHOD)).map(Map.Entry::getValue),
                columns.values().stream().map(column -> column.apply(result))).flatMap(values -> values))).collect(Collectors.joining());
    }

    private static String line(Stream<?> values) {
        return values.map(value -> quoted(value.toString())).collect(Collectors.joining(",", "", "\n"));
    }

    private static String quoted(String value) {
        return value.matches("[^\",\r\n]*") ? value : '"' + value.replace("\"", "\"\"") + '"';
    }

    /** The columns of a file that {@link #text} wrote, in its order. */
    static List<String> columns() {
        return Stream.of(EXPERIMENT.stream(), OUTCOME.keySet().stream(), Stream.of(REMARKS, TOP_FIVE), CIRCUMSTANCES.keySet().stream()).flatMap(names -> names).toList();
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
