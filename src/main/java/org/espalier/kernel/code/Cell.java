package org.espalier.kernel.code;

/**
 * A cell to run.
 *
 * @param number what stands in {@code In[number]}
 * @param text the cell's code
 */
public record Cell(int number, String text) {
    /** The line, counted from 1, of a character of this cell. */
    int lineAt(int offset) {
        int line = 1;
        for (int i = 0; i < Math.min(offset, text.length()); i++) {
            if (text.charAt(i) == '\n') {
                line++;
            }
        }
        return line;
    }
}
