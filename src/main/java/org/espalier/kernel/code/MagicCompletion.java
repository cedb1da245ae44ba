package org.espalier.kernel.code;

import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.espalier.kernel.code.Completion.Suggestion;

/**
 * What could stand at the cursor in a line that begins with a percent sign: a magic's name, or a file for those that take files.
 *
 * @param line names of the magics for lines
 * @param cell names of the magics for cells
 */
public record MagicCompletion(List<String> line, List<String> cell) {
    private static final Pattern NAME = Pattern.compile("[ \\t]*(%%?)(\\w*)");
    private static final Pattern FILE = Pattern.compile("[ \\t]*%%?(?:load|classpath|jars|loadFromPOM)[ \\t]+(.*)");

    /** @return nothing where the cursor stands in no such line, or where it stands in the code of one */
    Optional<Completion> at(String code, int cursor) {
        int lineStart = code.lastIndexOf('\n', cursor - 1) + 1;
        String before = code.substring(lineStart, cursor);
        Matcher name = NAME.matcher(before);
        if (name.matches()) {
            List<String> names = name.group(1).length() == 2 ? cell : line;
            return Optional.of(new Completion(names.stream().filter(one -> one.startsWith(name.group(2))).distinct()
                    .map(one -> new Suggestion(one, "magic", "")).toList(), cursor - name.group(2).length()));
        }
        Matcher file = FILE.matcher(before);
        return file.matches() ? Optional.of(files(file.group(1), cursor)) : Optional.empty();
    }

    /** Files whose names go on from the last word, or from the last words where a path has spaces. */
    private static Completion files(String words, int cursor) {
        for (int start = 0; start >= 0; start = next(words, start)) {
            String begun = words.substring(start);
            int slash = begun.lastIndexOf('/');
            File folder = new File(slash < 0 ? "." : begun.substring(0, slash + 1).replaceFirst("^~/", System.getProperty("user.home") + "/"));
            String prefix = begun.substring(slash + 1);
            List<Suggestion> found = new ArrayList<>();
            File[] all = folder.listFiles((where, name) -> name.startsWith(prefix) && (!name.startsWith(".") || prefix.startsWith(".")));
            Arrays.stream(all == null ? new File[0] : all).sorted().forEach(one ->
                    found.add(new Suggestion(begun.substring(0, slash + 1) + one.getName() + (one.isDirectory() ? "/" : ""), "path", "")));
            if (!found.isEmpty()) {
                return new Completion(found, cursor - begun.length());
            }
        }
        return new Completion(List.of(), cursor);
    }

    private static int next(String words, int start) {
        int space = words.indexOf(' ', start);
        return space < 0 ? -1 : space + 1;
    }
}
