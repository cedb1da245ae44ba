package org.espalier.kernel;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.espalier.kernel.code.Cell;

/**
 * A cell whose first line is a magic for all of it: {@code %%name arguments}. Comments may stand before it.
 *
 * @param name the magic's name, without percent signs
 * @param arguments the rest of its line
 * @param body what stands below, on the lines on which it stands in the cell
 */
record CellText(String name, String arguments, Cell body) {
    private static final Pattern START = Pattern.compile("\\A(?:\\s|//[^\\n]*(?:\\n|\\z)|/\\*(?:[^*]|\\*(?!/))*+\\*/)*+(?=%%)");

    /** The cell as one with a magic, if it has one. */
    static Optional<CellText> of(Cell cell) {
        String text = cell.text();
        Matcher start = START.matcher(text);
        if (!start.find()) {
            return Optional.empty();
        }
        int end = text.indexOf('\n', start.end()) < 0 ? text.length() : text.indexOf('\n', start.end());
        String[] line = text.substring(start.end() + 2, end).strip().split("\\s+", 2);
        String above = text.substring(0, end).replaceAll("[^\\n]+", "");
        return Optional.of(new CellText(line[0], line.length == 1 ? "" : line[1].strip(), new Cell(cell.place(), above + text.substring(end))));
    }
}
