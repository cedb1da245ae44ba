package org.espalier;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.espalier.report.StudyData;
import org.espalier.study.Result;
import org.espalier.study.Scale;
import org.espalier.study.Spec;
import org.espalier.study.Treatment;
import org.espalier.study.statistics.Claim;
import org.espalier.study.statistics.Verdict;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README says was measured is what {@code results/} holds, number by number. */
class ReadmeResultsTest {
    private static StudyData study;

    /** In a folder of its own: rows of a sweep in this checkout that weren't exported don't count. */
    @BeforeAll
    static void openWhatIsCommitted(@TempDir Path root) throws Exception {
        for (String folder : List.of("notebooks", "results")) {
            Files.createSymbolicLink(root.resolve(folder), Path.of(folder).toAbsolutePath());
        }
        study = StudyData.of("figure-2", Scale.LAPTOP, root);
    }

    @Test
    void theReadmeSaysWhatWasMeasured() throws Exception {
        String said = Files.readString(Path.of("README.md"));
        assertTrue(said.contains(table()), "README.md has to say\n" + table());
        assertTrue(said.contains(verdicts()), "README.md has to say\n" + verdicts());
    }

    /** How far FT ended above CLR on lossless images, and CLR above FT at 38 epochs, as docs/questions.md says. */
    @Test
    void theGuideSaysByHowMuchSchedulesDiffered() throws Exception {
        List<Result> lossless = study.beside("lossless").retrainings();
        double[] gains = lossless.stream().filter(result -> result.spec().schedule().equals("ft"))
                .mapToDouble(ft -> 100 * (ft.last() - last(lossless, ft.spec().with("schedule", "clr")))).sorted().toArray();
        Spec ft = study.results().stream().map(Result::spec).filter(spec -> spec.text().contains("schedule=ft; epochs=38") && spec.criterion().equals("l1") && spec.seed() == 1)
                .findFirst().orElseThrow();
        String said = Files.readString(Path.of("docs/questions.md")).replaceAll("\\s+", " ");
        String losses = String.format(Locale.ROOT, "ended %.1f to %.1f points higher under FT than under CLR", gains[0], gains[gains.length - 1]);
        assertTrue(gains.length == 6 && said.contains(losses) && said.contains("in all six pairs"), losses);
        String gain = String.format(Locale.ROOT, "CLR was %.1f points above FT", 100 * (last(study.results(), ft.with("schedule", "clr")) - last(study.results(), ft)));
        assertTrue(said.contains(gain), gain);
    }

    private static double last(List<Result> results, Spec spec) {
        return results.stream().filter(result -> result.spec().equals(spec)).findFirst().orElseThrow().last();
    }

    /** Mean accuracy over seeds in per cent, and in brackets of how many. */
    private static String table() {
        Map<Treatment, String> rows = new LinkedHashMap<>();
        for (Spec spec : study.parts().get(0).specs()) {
            Treatment treatment = Treatment.of(spec);
            if (!spec.isOriginal() && !rows.containsKey(treatment) && study.results().stream().anyMatch(result -> Treatment.of(result.spec()).equals(treatment))) {
                rows.put(treatment, "| " + (treatment.isUnpruned() ? "not pruned, " + spec.schedule().toUpperCase(Locale.ROOT) : treatment.label()) + " |"
                        + study.budgets().stream().map(budget -> cell(treatment, budget)).collect(Collectors.joining()));
            }
        }
        return "| |" + study.budgets().stream().map(budget -> " " + budget + " epochs |").collect(Collectors.joining()) + "\n|---|"
                + "---|".repeat(study.budgets().size()) + "\n" + String.join("\n", rows.values()) + "\n\n";
    }

    private static String cell(Treatment treatment, int budget) {
        List<Result> there = study.results().stream().filter(result -> Treatment.of(result.spec()).equals(treatment) && result.spec().epochs() == budget).toList();
        return there.isEmpty() ? " |" : String.format(Locale.ROOT, " %.2f (%d) |", 100 * there.stream().mapToDouble(Result::last).average().orElseThrow(), there.size());
    }

    private static String verdicts() {
        Map<Verdict, Long> counts = study.judged().stream().collect(Collectors.groupingBy(Claim::verdict, Collectors.counting()));
        return "Of " + study.judged().size() + " claims " + counts.getOrDefault(Verdict.HOLDS, 0L) + " hold, " + counts.getOrDefault(Verdict.DOES_NOT, 0L)
                + " do not, and " + counts.getOrDefault(Verdict.UNDECIDED, 0L) + " are undecided";
    }
}
