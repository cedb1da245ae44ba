package org.espalier.text;

/** Makes a name that came out of a stranger's file fit for a message. */
public final class Quoted {
    private static final int LONGEST = 100;

    private Quoted() {
    }

    /** Returns the name in quotes, cut after 100 characters and with a question mark for every control character. */
    public static String name(String name) {
        String cut = name.length() > LONGEST ? name.substring(0, LONGEST) + "..." : name;
        return "'" + cut.replaceAll("\\p{C}", "?") + "'";
    }
}
