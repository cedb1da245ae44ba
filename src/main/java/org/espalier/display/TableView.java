package org.espalier.display;

import java.util.LinkedHashMap;
import java.util.Map;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.columns.Column;
import tech.tablesaw.table.Relation;

/**
 * A Tablesaw table as HTML and text. Long tables show their first and last rows and say how many there are. The HTML brings no colours of
 * its own, so that it reads in light and dark.
 */
final class TableView {
    /** Rows shown of a longer table, in HTML and in text. */
    static final int HTML_ROWS = 60;
    static final int TEXT_ROWS = 20;
    static final int COLUMNS = 40;

    private TableView() { }

    static Bundle of(Relation table) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put(Bundle.HTML, html(table));
        data.put(Bundle.TEXT, text(table));
        return new Bundle(data, Map.of());
    }

    static String text(Relation table) {
        String printed = table.print(TEXT_ROWS);
        return table.rowCount() > TEXT_ROWS ? printed + "\n" + count(table) : printed;
    }

    private static String count(Relation table) {
        return table.rowCount() + " rows, " + table.columnCount() + " columns";
    }

    private static String html(Relation table) {
        int columns = Math.min(table.columnCount(), COLUMNS);
        StringBuilder html = new StringBuilder("<table class=\"dataframe espalier-table\">\n");
        if (table.name() != null && !table.name().isBlank()) {
            html.append("<caption style=\"caption-side:top;text-align:left\">").append(Html.escape(table.name())).append("</caption>\n");
        }
        html.append("<thead><tr>");
        for (int c = 0; c < columns; c++) {
            html.append("<th style=\"text-align:").append(side(table.column(c))).append("\">")
                    .append(Html.escape(table.column(c).name())).append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        int rows = table.rowCount();
        int head = rows <= HTML_ROWS ? rows : HTML_ROWS / 2;
        rows(html, table, columns, 0, head);
        if (rows > HTML_ROWS) {
            html.append("<tr>").append("<td style=\"text-align:center\">&#8942;</td>".repeat(columns)).append("</tr>\n");
            rows(html, table, columns, rows - HTML_ROWS / 2, rows);
        }
        html.append("</tbody>\n</table>");
        if (rows > HTML_ROWS || table.columnCount() > columns) {
            html.append("\n<p>").append(count(table)).append(table.columnCount() > columns ? ", the first " + columns + " shown" : "")
                    .append("</p>");
        }
        return html.toString();
    }

    private static void rows(StringBuilder html, Relation table, int columns, int from, int to) {
        for (int r = from; r < to; r++) {
            html.append("<tr>");
            for (int c = 0; c < columns; c++) {
                Column<?> column = table.column(c);
                html.append("<td style=\"text-align:").append(side(column)).append("\">").append(Html.escape(column.getString(r)))
                        .append("</td>");
            }
            html.append("</tr>\n");
        }
    }

    private static String side(Column<?> column) {
        return column instanceof NumericColumn ? "right" : "left";
    }
}
