package org.espalier.kernel.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShellException;
import jdk.jshell.UnresolvedReferenceException;

/**
 * Words for errors: where in the notebook, what, and the code with a mark under it. Only red and the reader's own colour are used, which can
 * be read on any background.
 */
public final class ErrorText {
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";
    private static final int FRAMES = 30;
    private static final int CAUSES = 10;
    private static final int LINE = 100;
    private static final Pattern SAME_CLASS = Pattern.compile("class (?:REPL\\.\\$JShell\\$\\d+[A-Z]*\\$)([\\w$]+) cannot be cast to class (?:REPL\\.\\$JShell\\$\\d+[A-Z]*\\$)\\1 .*",
            Pattern.DOTALL);

    private final Origins origins;

    private final Hints hints;
    private final Declarations declarations;

    ErrorText(Origins origins, Hints hints, Declarations declarations) {
        this.origins = origins;
        this.hints = hints;
        this.declarations = declarations;
    }

    /** An error that needs no more than a line. */
    public static CellFailure plain(String name, String message) {
        return new CellFailure(name, message, List.of(RED + name + PLAIN + ": " + message));
    }

    static CellFailure interrupted() {
        return new CellFailure("Interrupted", "the cell was interrupted", List.of(RED + "Interrupted" + PLAIN + ": variables are kept"));
    }

    CellFailure compilation(Cell cell, int offset, String source, List<Diag> problems) {
        List<String> lines = new ArrayList<>();
        String first = "";
        for (Diag problem : problems) {
            if (!problem.isError() && problems.stream().anyMatch(Diag::isError)) {
                continue;
            }
            String message = TypeText.withoutWrappers(problem.getMessage(Locale.ROOT));
            String[] parts = message.split("\\R");
            int start = (int) Math.min(Math.max(problem.getStartPosition(), 0), source.length());
            int at = (int) Math.min(Math.max(problem.getPosition(), start), source.length());
            int end = (int) Math.min(Math.max(problem.getEndPosition(), at), source.length());
            String where = cell.where(offset + at);
            if (first.isEmpty()) {
                first = where + ": " + parts[0];
            }
            lines.add(RED + "CompilationError" + PLAIN + ": " + where + ": " + parts[0]);
            int lineStart = source.lastIndexOf('\n', at - 1) + 1;
            int lineEnd = source.indexOf('\n', at) < 0 ? source.length() : source.indexOf('\n', at);
            String line = source.substring(lineStart, lineEnd);
            int from = Math.max(start, lineStart) - lineStart;
            int to = Math.max(from + 1, Math.min(end, lineEnd) - lineStart);
            int cut = line.length() <= LINE ? 0 : Math.max(0, Math.min(from - LINE / 4, line.length() - LINE));
            String shown = line.substring(cut, Math.min(line.length(), cut + LINE));
            String dots = cut > 0 ? "... " : "";
            lines.add("    " + dots + shown.replace('\t', ' ') + (cut + LINE < line.length() ? " ..." : ""));
            int marked = Math.max(1, Math.min(to, cut + LINE) - from);
            lines.add("    " + " ".repeat(dots.length() + from - cut) + RED + "^".repeat(marked) + PLAIN);
            for (int i = 1; i < parts.length; i++) {
                if (!parts[i].contains("location:")) {
                    lines.add(parts[i]);
                }
            }
            Optional<String> hint = hints.about(problem, source);
            if (hint.isPresent() && lines.stream().noneMatch(hint.get()::equals)) {
                lines.add(hint.get());
                first = problem == problems.get(0) ? first + ". " + hint.get() : first;
            }
        }
        return new CellFailure("CompilationError", first, lines);
    }

    /** @param thrown the exception itself, which knows more than JShell's account of it; may be null */
    CellFailure exception(JShellException account, Throwable thrown) {
        if (account instanceof UnresolvedReferenceException unresolved) {
            DeclarationSnippet snippet = unresolved.getSnippet();
            String message = snippet.name() + " can't run: " + declarations.why(snippet);
            return new CellFailure("UnresolvedReference", message, frames(List.of(RED + "UnresolvedReference" + PLAIN + ": " + message),
                    account.getStackTrace()));
        }
        String name = account instanceof EvalException eval ? eval.getExceptionClassName() : account.getClass().getName();
        String message = words(account.getMessage());
        List<String> lines = new ArrayList<>();
        Throwable at = account;
        for (int depth = 0; at != null && depth < CAUSES; depth++, at = at.getCause()) {
            String type = at instanceof EvalException eval ? eval.getExceptionClassName() : at.getClass().getName();
            String head = (depth == 0 ? "" : "Caused by: ") + RED + TypeText.withoutWrappers(type) + PLAIN;
            lines.add(at.getMessage() == null ? head : head + ": " + words(at.getMessage()));
            lines = frames(lines, at.getStackTrace());
        }
        return new CellFailure(TypeText.withoutWrappers(name), message, lines);
    }

    /** A message as the reader knows the names in it. */
    private static String words(String message) {
        if (message == null) {
            return "";
        }
        Matcher same = SAME_CLASS.matcher(message);
        return same.matches() ? "this " + same.group(1) + " is of before class " + same.group(1) + " was declared again: run the cell that makes it again"
                : TypeText.withoutWrappers(message);
    }

    /** The frames down to the notebook's own last one; what lies below is the kernel. Repeated ones are counted. */
    private List<String> frames(List<String> before, StackTraceElement[] frames) {
        int last = -1;
        for (int i = 0; i < frames.length; i++) {
            if (ofNotebook(frames[i])) {
                last = i;
            }
        }
        List<String> places = new ArrayList<>();
        List<Integer> times = new ArrayList<>();
        for (int i = 0; i <= last; i++) {
            if (ofKernel(frames[i])) {
                continue;
            }
            String place = words(frames[i]);
            int end = places.size() - 1;
            if (end >= 0 && places.get(end).equals(place)) {
                times.set(end, times.get(end) + 1);
            } else {
                places.add(place);
                times.add(1);
            }
        }
        List<String> lines = new ArrayList<>(before);
        for (int i = 0; i < places.size(); i++) {
            if (places.size() > FRAMES && i == FRAMES / 2) {
                int skipped = places.size() - FRAMES;
                lines.add("    ... " + skipped + " more ...");
                i += skipped;
            }
            boolean sameCall = times.get(i) <= 3 && !places.get(i).contains(", in ");
            lines.add("    at " + places.get(i) + (times.get(i) == 1 || sameCall ? "" : " (" + times.get(i) + " times)"));
        }
        return lines;
    }

    private String words(StackTraceElement frame) {
        if (!ofNotebook(frame)) {
            return frame.getClassName() + "." + frame.getMethodName() + " (" + frame.getFileName()
                    + (frame.getLineNumber() > 0 ? ":" + frame.getLineNumber() : "") + ")";
        }
        String where = origins.where(frame.getFileName().substring(1), frame.getLineNumber());
        String method = frame.getMethodName();
        boolean named = method != null && !method.isEmpty() && !method.startsWith("do_it$") && !method.startsWith("lambda$");
        return named ? where + ", in " + method : where;
    }

    private static boolean ofKernel(StackTraceElement frame) {
        return frame.getClassName() != null && frame.getClassName().startsWith(ErrorText.class.getPackageName() + ".");
    }

    private static boolean ofNotebook(StackTraceElement frame) {
        return frame.getFileName() != null && frame.getFileName().startsWith("#");
    }
}
