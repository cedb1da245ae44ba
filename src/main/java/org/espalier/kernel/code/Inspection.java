package org.espalier.kernel.code;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Documentation;

/** What is known about the name at the cursor. */
public final class Inspection {
    private Inspection() { }

    /** Signatures, with javadoc where sources are at hand. */
    public static Optional<String> at(SourceCodeAnalysis analysis, String code, int cursor) {
        int end = cursor;
        while (end < code.length() && Character.isJavaIdentifierPart(code.charAt(end))) {
            end++;
        }
        List<Documentation> found = analysis.documentation(code.substring(0, end), end, true);
        if (found.isEmpty() && end < code.length() && code.charAt(end) == '(') {
            found = analysis.documentation(code.substring(0, end + 1), end + 1, true);
        }
        if (found.isEmpty()) {
            found = analysis.documentation(code.substring(0, end) + "(", end + 1, true);
        }
        String text = found.stream().map(one -> one.signature() + (one.javadoc() == null ? "" : "\n\n" + one.javadoc()))
                .distinct().collect(Collectors.joining("\n\n"));
        return text.isBlank() ? Optional.empty() : Optional.of(text);
    }
}
