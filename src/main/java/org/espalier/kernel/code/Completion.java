package org.espalier.kernel.code;

import java.util.List;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Suggestion;

/**
 * What could stand at the cursor.
 *
 * @param start where the text that a suggestion replaces begins
 */
public record Completion(List<String> suggestions, int start) {
    /** Names declared earlier in the same cell, which hasn't been run yet, are found too: as if the cell were the start of a block. */
    public static Completion at(SourceCodeAnalysis analysis, String code, int cursor) {
        int[] anchor = {cursor};
        List<String> suggestions = distinct(analysis.completionSuggestions(code, cursor, anchor));
        if (suggestions.isEmpty() || code.substring(0, anchor[0]).indexOf('\n') >= 0) {
            int[] within = {cursor};
            List<String> more = distinct(analysis.completionSuggestions("{ " + code, cursor + 2, within));
            if (!more.isEmpty()) {
                return new Completion(more, within[0] - 2);
            }
        }
        return new Completion(suggestions, anchor[0]);
    }

    private static List<String> distinct(List<Suggestion> suggestions) {
        return suggestions.stream().map(Suggestion::continuation).distinct().toList();
    }
}
