package org.espalier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every number in the README's text is one that a file of this repository has: measured, published, or what the code does. */
class ReadmeNumbersTest {
    private static final String SPEED = "benchmarks/README.md";
    private static final String AVX2 = "With AVX2";
    private static final String RATIO = "[^\n]*?\\*\\*([\\d.]+)x\\*\\*";
    private static final String CROP = "src/main/java/org/espalier/data/files/ResizedCrop.java";
    /** Of systems, and of what is called by a number. */
    private static final String NAMES = "ICLR 2021|Debian 12|Ubuntu 24\\.04|Figure 2";

    /**
     * Where the numbers of a piece of the README come from.
     *
     * @param text    of the README
     * @param after   from here on, to the second empty line, the file is searched
     * @param pattern whose first group is each number; the README says its least and its greatest value, rounded
     */
    private record Source(String text, String file, String after, String pattern) {
    }

    static Stream<Source> sources() {
        return Stream.of(
                new Source("in turns with PyTorch 2.13", SPEED, "", "PyTorch ([\\d.]+), batches of 128"),
                new Source("ResNet-56 is 1.19 times", SPEED, AVX2, "ResNet-56 \\|[^\n]*\\| channels-last \\|" + RATIO),
                new Source("1.44x contiguous", SPEED, AVX2, "ResNet-56 \\|[^\n]*\\| contiguous \\|" + RATIO),
                new Source("of pruned networks 1.29 to 1.35x", SPEED, AVX2, "\\| R(?:56|110)-\\w \\|[^\n]*\\| channels-last \\|" + RATIO),
                new Source("an epoch with augmentation 1.73 to 1.77x", SPEED, "An epoch with augmentation", "2560 \\|" + RATIO),
                new Source("on an H100 a step is 1.30x", SPEED, "medians of 4 rounds in turns", "ResNet-56 \\|[^\n]*\\| channels-last \\|" + RATIO),
                new Source("VGG-16 is 1.49x of channels last", SPEED, "Against PyTorch 2.13 by two threads", "VGG-16 \\|[^\n]*\\| channels-last \\|" + RATIO),
                new Source("ResNet-18 1.20x", SPEED, "Against PyTorch 2.13 by two threads", "ResNet-18, [^\n]*\\| channels-last \\|" + RATIO),
                new Source("MobileNetV2 0.94x", SPEED, "Against PyTorch 2.13 by two threads", "MobileNetV2, [^\n]*\\| channels-last \\|" + RATIO),
                new Source("1.2 to 1.5 times as fast as the plain engine", SPEED, "plain engine s | fast path s", "\\|[^\n]*\\*\\*([\\d.]+)x\\*\\*"),
                new Source("over 72 epochs", "notebooks/figure-1-schedules.ipynb", "", "over (\\d+) epochs, as in Figure 1"),
                new Source("and all of it 54", SPEED, "## The two commands", "once: (\\d+) min"),
                new Source("its set-up took 5.5 minutes", SPEED, "| step |", "before the first notebook \\| ([\\d.]+) min"),
                new Source("14 minutes of processor time", SPEED, "## The two commands", "(\\d+) min of processor time"),
                new Source("the middle 224 pixels", CROP, "", "size \\* 256L / (\\d+)"),
                new Source("shorter side has 256", CROP, "", "size \\* (\\d+)L / 224"),
                new Source("multiples of 8 by filters", "src/main/java/org/espalier/engine/Execution.java", "", "WholeBatch\\(MemoryFormat.CHANNELS_LAST, (\\d+)\\)"),
                new Source("a JDK, 17 to 25", "kernel/settings", "", "(?<=A JDK, version |17 to )(\\d+)"),
                new Source("a test compares 200 steps", "src/test/java/org/espalier/train/SgdTest.java", "", "Budget STEPS = new Budget\\(1, (\\d+)\\)"));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void theNumberIsThatOfItsFile(Source source) throws Exception {
        String file = Files.readString(Path.of(source.file()));
        int from = file.indexOf(source.after());
        assertTrue(from >= 0, source.file() + " has no " + source.after());
        int end = source.after().isEmpty() ? file.length() : file.indexOf("\n\n", file.indexOf("\n\n", from) + 2);
        List<BigDecimal> said = numbers(source.text());
        TreeSet<BigDecimal> found = new TreeSet<>();
        Pattern.compile(source.pattern()).matcher(file.substring(from, end)).results()
                .forEach(match -> found.add(new BigDecimal(match.group(1)).setScale(said.get(0).scale(), RoundingMode.HALF_UP)));
        assertTrue(!found.isEmpty(), source.file() + " has nothing of " + source.pattern());
        assertEquals(said, found.size() == 1 ? List.of(found.first()) : List.of(found.first(), found.last()), source.text());
    }

    @Test
    void thePublishedPointsAreAsMany() throws Exception {
        long points = Files.lines(Path.of("src/main/resources/org/espalier/report/published/schedules-by-budget.csv")).count() - 1;
        assertTrue(prose().contains("the " + points + " published points"), points + " points");
    }

    @Test
    void noNumberIsWithoutASource() throws Exception {
        String rest = prose().replaceAll(NAMES, "").replaceAll("the \\d+ published points", "");
        for (Source source : (Iterable<Source>) sources()::iterator) {
            assertTrue(rest.contains(source.text()), "the README says no more: " + source.text());
            rest = rest.replace(source.text(), "");
        }
        assertEquals(List.of(), Pattern.compile(".{0,40}(?<![\\w.-])\\d.{0,20}").matcher(rest).results().map(MatchResult::group).toList());
    }

    private static List<BigDecimal> numbers(String text) {
        return Pattern.compile("(?<![\\w.-])\\d+(?:\\.\\d+)?").matcher(text).results().map(number -> new BigDecimal(number.group())).toList();
    }

    /** The README without its code, the targets of its links, and what {@link ReadmeResultsTest} traces, in one line. */
    private static String prose() throws Exception {
        return Files.readString(Path.of("README.md")).replaceAll("(?s)## Measured so far.*?(?=\n## )", "").replaceAll("(?s)```.*?```", "").replaceAll("`[^`]*`", "").replaceAll("]\\([^)]*\\)", "]").replaceAll("\\s+", " ");
    }
}
