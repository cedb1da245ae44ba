package org.espalier.kernel.code;

import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;

/**
 * Whether code can be run as it stands, for consoles that decide about it when Enter is pressed.
 *
 * @param status one of Jupyter's words: complete, incomplete, invalid, unknown
 * @param indent what to start the next line with, where the code is incomplete
 */
public record Completeness(String status, String indent) {
    public static Completeness of(SourceCodeAnalysis analysis, String code) {
        String rest = code;
        while (true) {
            if (rest.isBlank() || rest.stripLeading().startsWith("%")) {
                return new Completeness("complete", "");
            }
            CompletionInfo info = analysis.analyzeCompletion(rest);
            switch (info.completeness()) {
                case COMPLETE, COMPLETE_WITH_SEMI, CONSIDERED_INCOMPLETE, EMPTY -> {
                    String remaining = info.remaining() == null ? "" : info.remaining();
                    if (remaining.length() >= rest.length()) {
                        return new Completeness("complete", "");
                    }
                    rest = remaining;
                }
                case DEFINITELY_INCOMPLETE -> {
                    return new Completeness("incomplete", indent(code));
                }
                default -> {
                    return new Completeness("invalid", "");
                }
            }
        }
    }

    /** The last line's indentation, and one step more after an opening bracket. */
    private static String indent(String code) {
        String line = code.substring(code.lastIndexOf('\n') + 1);
        String own = line.substring(0, line.length() - line.stripLeading().length());
        String end = line.strip();
        return end.endsWith("{") || end.endsWith("(") || end.endsWith("[") ? own + "    " : own;
    }
}
