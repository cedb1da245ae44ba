package org.espalier.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tables in Markdown for people, and every single measurement as CSV for whoever wants to count again. */
final class Report {
    private final List<String> introduction = new ArrayList<>();
    private final Map<String, List<String>> tables = new LinkedHashMap<>();
    private final Map<String, List<String>> notes = new LinkedHashMap<>();
    private final List<String> samples = new ArrayList<>(List.of("part,contender,round,seconds"));

    void say(String sentence) {
        introduction.add(sentence);
    }

    /** A row of the table with this title; the first row that it gets is its head. */
    void row(String title, List<String> head, Object... cells) {
        List<String> lines = tables.computeIfAbsent(title, t -> new ArrayList<>(List.of(line(head), "|" + "---|".repeat(head.size()))));
        List<String> texts = new ArrayList<>();
        for (Object cell : cells) {
            texts.add(cell.toString());
        }
        lines.add(line(texts));
    }

    /** Stands below the table. */
    void note(String title, String sentence) {
        notes.computeIfAbsent(title, t -> new ArrayList<>()).add(sentence);
    }

    void samples(Part part, Alternation.Outcome outcome) {
        outcome.seconds().forEach((contender, measured) -> {
            for (int round = 0; round < measured.rounds().length; round++) {
                samples.add(String.format(Locale.ROOT, "%s,\"%s\",%d,%.6f", part, contender, round + 1, measured.rounds()[round]));
            }
        });
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        introduction.forEach(sentence -> text.append(sentence).append('\n'));
        tables.forEach((title, lines) -> {
            text.append("\n**").append(title).append("**\n\n");
            lines.forEach(line -> text.append(line).append('\n'));
            notes.getOrDefault(title, List.of()).forEach(note -> text.append('\n').append(note).append('\n'));
        });
        return text.toString();
    }

    void write(Path folder) {
        replace(folder.resolve("benchmark.md"), markdown());
        replace(folder.resolve("benchmark.csv"), String.join("\n", samples) + "\n");
    }

    private static void replace(Path file, String text) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
            Files.writeString(temporary, text);
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    static String rate(Measured perSecond) {
        return number(perSecond.median());
    }

    static String ratio(Measured ratio) {
        return String.format(Locale.ROOT, "**%.2fx**", ratio.median());
    }

    static String spread(Measured measured) {
        return number(measured.least()) + " .. " + number(measured.greatest());
    }

    static String percent(double fraction) {
        return String.format(Locale.ROOT, fraction < .1 ? "%.1f %%" : "%.0f %%", 100 * fraction);
    }

    static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : value >= .1 ? "%.2f" : "%.2g", value);
    }
}
