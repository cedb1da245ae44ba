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
import org.junit.jupiter.api.Test;

/** What the README says was measured is what {@code results/} holds, number by number. */
class ReadmeResultsTest {
    private static final StudyData STUDY = StudyData.of("figure-2", Scale.LAPTOP, Path.of("").toAbsolutePath());

    @Test
    void theReadmeSaysWhatWasMeasured() throws Exception {
        String said = Files.readString(Path.of("README.md"));
        assertTrue(said.contains(table()), "README.md has to say\n" + table());
        assertTrue(said.contains(verdicts()), "README.md has to say\n" + verdicts());
    }

    /** Mean accuracy over seeds in per cent, and in brackets of how many. */
    private static String table() {
        Map<Treatment, String> rows = new LinkedHashMap<>();
        for (Spec spec : STUDY.parts().get(0).specs()) {
            Treatment treatment = Treatment.of(spec);
            if (!spec.isOriginal() && !rows.containsKey(treatment) && STUDY.results().stream().anyMatch(result -> Treatment.of(result.spec()).equals(treatment))) {
                rows.put(treatment, "| " + (treatment.isUnpruned() ? "not pruned, " + spec.schedule().toUpperCase(Locale.ROOT) : treatment.label()) + " |"
                        + STUDY.budgets().stream().map(budget -> cell(treatment, budget)).collect(Collectors.joining()));
            }
        }
        return "| |" + STUDY.budgets().stream().map(budget -> " " + budget + " epochs |").collect(Collectors.joining()) + "\n|---|"
                + "---|".repeat(STUDY.budgets().size()) + "\n" + String.join("\n", rows.values()) + "\n\n";
    }

    private static String cell(Treatment treatment, int budget) {
        List<Result> there = STUDY.results().stream().filter(result -> Treatment.of(result.spec()).equals(treatment) && result.spec().epochs() == budget).toList();
        return there.isEmpty() ? " |" : String.format(Locale.ROOT, " %.2f (%d) |", 100 * there.stream().mapToDouble(Result::last).average().orElseThrow(), there.size());
    }

    private static String verdicts() {
        Map<Verdict, Long> counts = STUDY.judged().stream().collect(Collectors.groupingBy(Claim::verdict, Collectors.counting()));
        return "Of " + STUDY.judged().size() + " claims " + counts.getOrDefault(Verdict.HOLDS, 0L) + " hold, " + counts.getOrDefault(Verdict.DOES_NOT, 0L)
                + " do not, and " + counts.getOrDefault(Verdict.UNDECIDED, 0L) + " are undecided";
    }
}
