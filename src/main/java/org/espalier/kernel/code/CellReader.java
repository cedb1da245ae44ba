package org.espalier.kernel.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;

/**
 * Cuts a cell into {@link CellPart}s. JShell's own analysis finds the end of a snippet; what is added here are magics, which count only where
 * a snippet could start (a line of a text block that starts with a percent sign is text), and missing semicolons at line ends.
 */
final class CellReader {
    private static final Pattern MAGIC_LINE = Pattern.compile("(?m)^[ \\t]*%([A-Za-z_]\\w*)[ \\t]*(.*)$");
    // var t = %time f(): the magic is for the whole line.
    private static final Pattern ASSIGNED_MAGIC = Pattern.compile("(?m)^[ \\t]*([\\w.<>\\[\\], ]+=)[ \\t]*%([A-Za-z_]\\w*)[ \\t]+(.*)$");
    private static final Pattern SHELL_LINE = Pattern.compile("(?m)^[ \\t]*!(?!=)[ \\t]*(([\\w./~-]+)(?:[ \\t].*)?)$");
    private static final Pattern JSHELL_LINE = Pattern.compile("(?m)^[ \\t]*/(vars|types|methods|imports|list)[ \\t]*;?[ \\t]*$");
    private static final Pattern CONTINUATION =
            Pattern.compile("\\s*(?:[.)\\]},;?:&|=<>*/^{]|[+-](?![+-])|else\\b|catch\\b|finally\\b|instanceof\\b|extends\\b|implements\\b|throws\\b).*",
                    Pattern.DOTALL);

    private static final Pattern TOKEN = Pattern.compile(
            "(?s)(?!\\s|//|/\\*)(?:\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*+\"|'(?:\\\\.|[^'\\\\\\n])*+'|.)|//[^\\n]*|/\\*.*?\\*/");

    private final SourceCodeAnalysis analysis;
    private final String text;
    private final Predicate<String> declared;
    private int position;

    /** @param declared whether the notebook has declared a name: then {@code !name} is Java, else a command for the shell */
    CellReader(SourceCodeAnalysis analysis, String text, Predicate<String> declared) {
        this.analysis = analysis;
        this.declared = declared;
        this.text = text;
    }

    /** The next piece, or nothing at the end. Later pieces may depend on earlier ones having been run, so they are read one by one. */
    Optional<CellPart> next() {
        while (true) {
            while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
                position++;
            }
            if (position >= text.length()) {
                return Optional.empty();
            }
            Optional<CellPart> magic = magic();
            if (magic.isPresent()) {
                return magic;
            }
            Optional<CellPart> piece = java();
            if (piece.isPresent()) {
                return piece;
            }
        }
    }

    /** The magic that stands here, if one does. */
    private Optional<CellPart> magic() {
        int lineStart = text.lastIndexOf('\n', position - 1) + 1;
        int start = text.substring(lineStart, position).isBlank() ? lineStart : position;
        Matcher magic = MAGIC_LINE.matcher(text).region(start, text.length());
        if (magic.lookingAt()) {
            return magic(magic.group(1), magic.group(2), magic.end());
        }
        Matcher assigned = ASSIGNED_MAGIC.matcher(text).region(start, text.length());
        if (assigned.lookingAt()) {
            return magic(assigned.group(2), assigned.group(1) + " " + assigned.group(3), assigned.end());
        }
        Matcher shell = SHELL_LINE.matcher(text).region(start, text.length());
        if (shell.lookingAt() && !declared.test(shell.group(2))) {
            return magic("system", shell.group(1), shell.end());
        }
        Matcher jshell = JSHELL_LINE.matcher(text).region(start, text.length());
        return jshell.lookingAt() ? magic("jshell", "/" + jshell.group(1), jshell.end()) : Optional.empty();
    }

    private Optional<CellPart> magic(String name, String arguments, int end) {
        CellPart piece = new CellPart.Magic(name, arguments.strip(), position);
        position = end;
        return Optional.of(piece);
    }

    /** The next Java snippet; nothing if only comments came before the next magic or the end. */
    private Optional<CellPart> java() {
        List<Integer> ends = new ArrayList<>();
        Matcher magic = MAGIC_LINE.matcher(text);
        for (int from = position; magic.find(from); from = magic.end()) {
            if (magic.start() > position) {
                ends.add(magic.start());
            }
            if (magic.end() == text.length()) {
                break;
            }
        }
        ends.add(text.length());
        for (int end : ends) {
            String chunk = text.substring(position, end);
            CompletionInfo info = analysis.analyzeCompletion(chunk);
            Completeness found = info.completeness();
            if (found == Completeness.EMPTY) {
                position = end;
                return Optional.empty();
            }
            if (found.isComplete() || found == Completeness.CONSIDERED_INCOMPLETE) {
                return Optional.of(take(chunk, info));
            }
            if (found == Completeness.DEFINITELY_INCOMPLETE && end < text.length()) {
                continue; // The line with the percent sign belongs to a text block or to an expression.
            }
            return Optional.of(upToALineEnd(chunk));
        }
        throw new IllegalStateException("a cell without an end");
    }

    private CellPart take(String chunk, CompletionInfo info) {
        String rest = info.remaining() == null ? "" : info.remaining();
        String raw = chunk.substring(0, chunk.length() - rest.length());
        CellPart piece = new CellPart.Java(info.source(), position, endsWithSemicolon(raw));
        position += raw.length();
        return piece;
    }

    /** Whether the last character that is neither blank nor in a comment is a semicolon. */
    private static boolean endsWithSemicolon(String code) {
        boolean semicolon = false;
        Matcher token = TOKEN.matcher(code);
        while (token.find()) {
            if (!token.group().startsWith("//") && !token.group().startsWith("/*")) {
                semicolon = token.group().equals(";");
            }
        }
        return semicolon;
    }

    /** Where the whole chunk can't be read: its shortest run of lines that can; else all, as an error. */
    private CellPart upToALineEnd(String chunk) {
        return firstLines(chunk).orElseGet(() -> {
            CellPart piece = new CellPart.Java(chunk, position, false);
            position += chunk.length();
            return piece;
        });
    }

    /** The shortest run of lines that can be read, if there are more and the next one doesn't carry on. */
    private Optional<CellPart> firstLines(String chunk) {
        for (int end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', end + 1)) {
            String lines = chunk.substring(0, end);
            CompletionInfo info = analysis.analyzeCompletion(lines);
            Completeness found = info.completeness();
            boolean whole = info.remaining() == null || info.remaining().isBlank();
            String next = chunk.substring(end);
            if (found.isComplete() && whole && !next.isBlank() && !CONTINUATION.matcher(next).matches()) {
                return Optional.of(take(lines, info));
            }
        }
        return Optional.empty();
    }

    /** Reads a piece again that the compiler didn't take: maybe its first lines are a snippet that lacks its semicolon. */
    Optional<CellPart> shorter(CellPart.Java piece) {
        int end = position;
        position = piece.offset();
        Optional<CellPart> first = firstLines(text.substring(position, end));
        if (first.isEmpty()) {
            position = end;
        }
        return first;
    }
}
