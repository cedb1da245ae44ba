package org.espalier.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds what a misspelt word was meant to be. */
public final class Suggestion {
    private Suggestion() {
    }

    /** {@code "; did you mean clr?"}, or nothing where no known word is near: one edit is allowed, and one more for every four letters. */
    public static String of(String word, Collection<String> known) {
        return known.stream().min(Comparator.comparingInt(candidate -> edits(word, candidate)))
                .filter(nearest -> edits(word, nearest) <= 1 + Math.min(word.length(), nearest.length()) / 4)
                .map(nearest -> "; did you mean " + nearest + "?").orElse("");
    }

    /** The edits (insert, delete, replace a letter) that make one word the other, case aside (Levenshtein 1966). */
    private static int edits(String from, String to) {
        String a = from.toLowerCase(Locale.ROOT);
        String b = to.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
