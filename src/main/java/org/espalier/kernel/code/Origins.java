package org.espalier.kernel.code;

import java.util.HashMap;
import java.util.Map;
import jdk.jshell.Snippet;

/** From which line of which cell each snippet came, so that errors can say {@code In[3] line 2}. */
final class Origins {
    private record Origin(String place, int line) { }

    private final Map<String, Origin> origins = new HashMap<>();

    void remember(Snippet snippet, Cell cell, int offset) {
        origins.put(snippet.id(), new Origin(cell.place(), cell.lineAt(offset)));
    }

    /** @param line the line within the snippet, counted from 1 */
    String where(String snippetId, int line) {
        Origin origin = origins.get(snippetId);
        return origin == null ? "start-up" : origin.place() + " line " + (origin.line() + Math.max(line, 1) - 1);
    }
}
