package org.espalier.kernel.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.SourceCodeAnalysis;

/**
 * What could stand at the cursor.
 *
 * @param start where the text that a suggestion replaces begins
 */
public record Completion(List<Suggestion> suggestions, int start) {
    /** For so long signatures are looked up, and the other methods go without: JupyterLab waits a second for the whole answer. */
    private static final long SIGNATURE_NANOS = 250_000_000;
    private static final Pattern MAGIC_LINE = Pattern.compile("(?m)^([ \\t]*)%(\\w*)(.*)$");

    /**
     * @param text what would stand there
     * @param type function, class, variable or keyword-like, in the words that Jupyter's clients know
     * @param signature a method's parameters, or an empty text
     */
    public record Suggestion(String text, String type, String signature) { }

    /** @param magics answers where the cursor stands in a magic */
    public static Completion at(SourceCodeAnalysis analysis, String code, int cursor, MagicCompletion magics) {
        Optional<Completion> magic = magics.at(code, cursor);
        if (magic.isPresent()) {
            return magic.get();
        }
        String java = withoutMagics(code);
        int[] plainStart = {cursor};
        List<String> found = texts(analysis, java, cursor, plainStart);
        // Names declared earlier in the same cell, which hasn't been run, are known where the cell is the inside of a block.
        int[] blockStart = {cursor};
        boolean mayDeclare = found.isEmpty() || java.substring(0, cursor).matches("(?s).*[;{}].*");
        List<String> inBlock = mayDeclare ? texts(analysis, "{ " + java, cursor + 2, blockStart) : List.of();
        int start = plainStart[0];
        if (found.isEmpty() && !inBlock.isEmpty()) {
            found = inBlock;
            start = blockStart[0] - 2;
        } else if (blockStart[0] - 2 == start) {
            List<String> both = new ArrayList<>(found);
            inBlock.stream().filter(text -> !both.contains(text)).forEach(both::add);
            found = both;
        }
        if (found.isEmpty()) {
            start = cursor;
            while (start > 0 && Character.isJavaIdentifierPart(java.charAt(start - 1))) {
                start--;
            }
        }
        String begun = java.substring(start, cursor);
        boolean plainName = start == 0 || java.charAt(start - 1) != '.';
        List<Suggestion> declared = !plainName || begun.isEmpty() ? List.of() : DeclaredNames.in(java.substring(0, start)).stream()
                .filter(one -> one.text().startsWith(begun)).toList();
        String before = java.substring(0, start);
        long until = System.nanoTime() + SIGNATURE_NANOS;
        List<Suggestion> all = new ArrayList<>(declared);
        found.stream().filter(text -> declared.stream().noneMatch(one -> one.text().equals(text)))
                .forEach(text -> all.add(suggestion(analysis, before, text, System.nanoTime() < until)));
        return new Completion(all, start);
    }

    private static List<String> texts(SourceCodeAnalysis analysis, String code, int cursor, int[] start) {
        return new ArrayList<>(analysis.completionSuggestions(code, cursor, start).stream()
                .sorted((a, b) -> Boolean.compare(b.matchesType(), a.matchesType())).map(SourceCodeAnalysis.Suggestion::continuation)
                .filter(text -> !text.startsWith("$value")).distinct().toList());
    }

    private static Suggestion suggestion(SourceCodeAnalysis analysis, String before, String text, boolean withSignature) {
        if (!text.endsWith("(") && !text.endsWith("()")) {
            return new Suggestion(text, Character.isUpperCase(text.charAt(0)) ? "class" : "variable", "");
        }
        String call = before + text.substring(0, text.indexOf('(') + 1);
        String signature = !withSignature ? "" : Inspection.signatures(analysis, call).stream().findFirst().orElse("");
        return new Suggestion(text, "function", signature);
    }

    /** The same text, as long, with blanks where magics stand. The code after %time is code. */
    private static String withoutMagics(String code) {
        return MAGIC_LINE.matcher(code).replaceAll(line -> Matcher.quoteReplacement(
                line.group(1) + " ".repeat(1 + line.group(2).length()) + (line.group(2).equals("time") ? line.group(3) : " ".repeat(line.group(3).length()))));
    }
}
