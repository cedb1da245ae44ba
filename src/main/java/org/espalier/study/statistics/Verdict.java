package org.espalier.study.statistics;

/** What the measurements say about a claim. */
public enum Verdict {
    HOLDS("holds"), DOES_NOT("does not hold"), UNDECIDED("undecided");

    private final String words;

    Verdict(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
