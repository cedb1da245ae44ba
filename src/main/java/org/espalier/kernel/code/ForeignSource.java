package org.espalier.kernel.code;

import java.util.Optional;
import java.util.regex.Pattern;

/** Code written for other Java kernels, as it has to be written here. Lines stay where they are. */
final class ForeignSource {
    private static final String IJAVA = "io.github.spencerpark.";
    private static final Pattern DISPLAY = Pattern.compile("(?<![\\w.])display(?=\\s*\\()");
    private static final String NO_TEXT = "Display cannot be converted to java.lang.String";

    private ForeignSource() { }

    /** IJava's own classes by their names here: its library went on as JJava's. */
    static String own(String source) {
        return !source.contains(IJAVA) ? source : source.replace(IJAVA + "ijava.IJava", "org.espalier.kernel.IJava").replace(IJAVA + "jupyter.", "org.dflib.jjava.jupyter.");
    }

    /** {@code String id = display(x)}: elsewhere what is displayed is named by a text. Nothing where that wasn't the compiler's problem. */
    static Optional<String> withDisplayIds(String source, String problem) {
        return problem.contains(NO_TEXT) ? Optional.of(DISPLAY.matcher(source).replaceAll("org.espalier.display.Display.displayed")) : Optional.empty();
    }
}
