package org.espalier.report;

import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * A value that others have printed, and how far it can be trusted. A file in {@code published/} for each figure and table.
 *
 * @param subject  what was measured: {@code GAL-0.5}; {@code R56-B, l1 + CLR}
 * @param epochs   of retraining; empty where the source doesn't say, or the quantity does
 * @param quantity with its unit: {@code top-1, %}
 * @param value    as printed; {@code not available} where nobody that we could read prints it
 * @param source   where it was read
 * @param note     what else one has to know; may be empty
 */
public record Published(String subject, String network, String data, String epochs, String quantity, String value, String source, Flag flag, String note) {
    private static final List<String> NAMES = List.of("figure-1-schedules", "schedules-by-budget", "table-1-gal", "table-2-taylor", "table-3-random",
            "which-schedule");

    /** How a value came here. */
    public enum Flag {
        BY_ITS_AUTHORS("by its authors"), QUOTED("quoted by others"), DISPUTED("sources disagree"), WITHOUT_FINE_TUNING("without fine-tuning"),
        MISPRINT("misprint copied"), READ_OFF("read off the image"), NOT_AVAILABLE("not available");

        private final String words;

        Flag(String words) {
            this.words = words;
        }

        static Flag of(String text) {
            return Arrays.stream(values()).filter(flag -> flag.toString().equals(text)).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no flag of a published value; these are " + Arrays.toString(values())));
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** @throws IllegalArgumentException when it has no source, or is neither a number nor {@code not available}, flag and value alike */
    public Published {
        if (source.isBlank() || number(value).isEmpty() != (flag == Flag.NOT_AVAILABLE) || number(value).isEmpty() && !value.equals(Flag.NOT_AVAILABLE.toString())) {
            throw new IllegalArgumentException("a published value is a number with a source and a flag, or 'not available' with this flag; not '" + value + "' of '"
                    + subject + "' from '" + source + "', " + flag);
        }
    }

    /** All values of a figure or table, in its file's order. @throws IllegalArgumentException that names those there are */
    public static List<Published> of(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("nothing published is kept for '" + name + "'; there is " + String.join(", ", NAMES)));
    }

    /** The same; empty where there is no such file. */
    static Optional<List<Published>> find(String name) {
        InputStream file = NAMES.contains(name) ? Published.class.getResourceAsStream("published/" + name + ".csv") : null;
        return Optional.ofNullable(file).map(in -> Table.read().usingOptions(CsvReadOptions.builder(new InputStreamReader(in, StandardCharsets.UTF_8))
                .columnTypes(column -> ColumnType.STRING).missingValueIndicator("").build()).stream().map(Published::of).toList());
    }

    private static Published of(Row row) {
        return new Published(row.getString("subject"), row.getString("network"), row.getString("data"), row.getString("epochs"), row.getString("quantity"),
                row.getString("value"), row.getString("source"), Flag.of(row.getString("flag")), row.getString("note"));
    }

    /** The value; empty where it isn't available. */
    public OptionalDouble number() {
        return number(value);
    }

    private static OptionalDouble number(String value) {
        return value.matches("-?\\d+(\\.\\d+)?") ? OptionalDouble.of(Double.parseDouble(value)) : OptionalDouble.empty();
    }

    /** A row for all that a source says of a subject under the same flag, a column for each quantity. */
    public static Table table(List<Published> values) {
        boolean byBudget = values.stream().map(Published::epochs).distinct().count() > 1;
        Function<Published, String> column = one -> one.quantity + (byBudget && !one.epochs.isEmpty() ? ", " + one.epochs + " epochs" : "");
        List<String> columns = values.stream().map(column).distinct().toList();
        Map<List<String>, List<Published>> rows = new LinkedHashMap<>();
        values.forEach(one -> rows.computeIfAbsent(List.of(one.subject, one.network, one.data, byBudget ? "" : one.epochs, one.source, one.flag.toString(), one.note),
                key -> new ArrayList<>()).add(one));
        Table table = Table.create("Published, not measured here");
        List<String> names = List.of("published", "network", "data", "epochs", "source", "flag", "note");
        for (int i = 0; i < names.size(); i++) {
            int field = i;
            if (field == 4) {
                columns.forEach(title -> table.addColumns(StringColumn.create(title, rows.values().stream().map(row -> row.stream()
                        .filter(one -> column.apply(one).equals(title)).map(Published::value).collect(Collectors.joining(" or "))))));
            }
            List<String> cells = rows.keySet().stream().map(key -> key.get(field)).toList();
            if (cells.stream().anyMatch(cell -> !cell.isEmpty())) {
                table.addColumns(StringColumn.create(names.get(field), cells));
            }
        }
        return table;
    }
}
