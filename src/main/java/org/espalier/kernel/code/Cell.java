package org.espalier.kernel.code;

/**
 * Code to run, and where it stands.
 *
 * @param place what errors say before the line's number: {@code In[3]}, or a file's name
 * @param text the code
 */
public record Cell(String place, String text) {
    /** A notebook's cell. */
    public Cell(int number, String text) {
        this("In[" + number + "]", text);
    }

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

    /** In words, where a character of this cell stands. */
    String where(int offset) {
        return place + " line " + lineAt(offset);
    }
}
