package org.espalier.kernel.code;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Documentation;

/** What is known about the name at the cursor: signatures, and javadoc where sources are at hand. */
public final class Inspection {
    private static final Pattern PACKAGE = Pattern.compile("\\b(?:[a-z_][\\w]*\\.)+(?=[A-Z])");
    private static final Pattern CALL = Pattern.compile("([\\w.]+)\\((.*)\\)");

    private final SourceCodeAnalysis analysis;
    private final Sources sources;

    public Inspection(SourceCodeAnalysis analysis, Sources sources) {
        this.analysis = analysis;
        this.sources = sources;
    }

    /** A text about what stands at the cursor, or whose arguments the cursor stands among. */
    public Optional<String> at(String code, int cursor) {
        int end = cursor;
        while (end < code.length() && Character.isJavaIdentifierPart(code.charAt(end))) {
            end++;
        }
        String name = code.substring(0, end);
        boolean onName = !name.isEmpty() && Character.isJavaIdentifierPart(name.charAt(name.length() - 1));
        List<Documentation> found = List.of();
        if (onName) {
            found = documentation(name + "(");
            if (found.isEmpty()) {
                found = documentation(name);
            }
        }
        if (found.isEmpty()) {
            int open = openBracket(code, cursor);
            if (open >= 0) {
                found = documentation(code.substring(0, open + 1));
            }
        }
        String text = found.stream().map(this::words).distinct().collect(Collectors.joining("\n\n"));
        return text.isBlank() ? Optional.empty() : Optional.of(text);
    }

    private List<Documentation> documentation(String code) {
        List<Documentation> found = analysis.documentation(code, code.length(), true);
        return found.isEmpty() ? analysis.documentation("{ " + code, code.length() + 2, true) : found;
    }

    /** The bracket of the innermost call that isn't closed before the cursor, or -1. */
    private static int openBracket(String code, int cursor) {
        int depth = 0;
        for (int i = Math.min(cursor, code.length()) - 1; i >= 0; i--) {
            char c = code.charAt(i);
            if (c == ')') {
                depth++;
            } else if (c == '(' && depth-- == 0) {
                return i;
            } else if (c == ';') {
                return -1;
            }
        }
        return -1;
    }

    private String words(Documentation found) {
        String javadoc = found.javadoc() == null ? sources.javadoc(found.signature()).orElse("") : plain(found.javadoc());
        return shortened(found.signature()) + (javadoc.isBlank() ? "" : "\n\n" + javadoc.indent(4).stripTrailing());
    }

    /** A comment without its tags and entities. */
    static String plain(String comment) {
        String text = comment.replaceAll("\\{@(?:code|link|linkplain|literal|value)\\s+([^}]*)}", "$1").replaceAll("(?i)<li>", "- ")
                .replaceAll("(?i)</?p>", "\n").replaceAll("</?[a-zA-Z][^>]*>", "");
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replaceAll("(?m)^ ", "").replaceAll("\\n{3,}", "\n\n").strip();
    }

    /** A signature without package names. */
    static String shortened(String signature) {
        return PACKAGE.matcher(signature).replaceAll("");
    }

    /** The parameter lists of what is called at the end of this code. */
    static List<String> signatures(SourceCodeAnalysis analysis, String call) {
        List<Documentation> found = analysis.documentation(call, call.length(), false);
        if (found.isEmpty()) {
            found = analysis.documentation("{ " + call, call.length() + 2, false);
        }
        return found.stream().map(Documentation::signature).map(Inspection::shortened).map(CALL::matcher).filter(Matcher::find)
                .map(match -> "(" + match.group(2) + ")").toList();
    }
}
