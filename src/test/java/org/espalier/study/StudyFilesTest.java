package org.espalier.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.model.Architecture;
import org.espalier.prune.Criterion;
import org.espalier.prune.Plan;
import org.espalier.study.statistics.Arm;
import org.espalier.study.statistics.Family;
import org.espalier.train.Schedule;
import org.espalier.train.schedules.StepDecay;
import org.junit.jupiter.api.Test;

/** The grids and claims that come with the notebooks. */
class StudyFilesTest {
    private static final Path FOLDER = Path.of("notebooks", "studies", "figure-2");

    private static List<Spec> grid(String name) throws IOException {
        return Grid.parse(Files.readString(FOLDER.resolve(name)));
    }

    @Test
    void everyGridCanBeReadAndIsCanonical() throws IOException {
        List<Path> grids;
        try (Stream<Path> files = Files.list(FOLDER)) {
            grids = files.filter(file -> !file.getFileName().toString().startsWith("claims")).toList();
        }
        assertTrue(grids.size() >= 3);
        for (Path file : grids) {
            for (Spec spec : Grid.parse(Files.readString(file))) {
                Architecture dense = Architecture.parse(spec.network());
                assertEquals(spec.network(), dense.text());
                assertTrue(Schedule.parse(spec.original()) instanceof StepDecay, file + ": " + spec);
                if (!spec.isOriginal()) {
                    assertEquals(dense.widths().size(), Plan.parse(spec.plan()).kept(dense).size());
                    assertEquals(spec.schedule(), Schedule.parse(spec.schedule()).text());
                    assertEquals(spec.criterion(), Criterion.parse(spec.criterion(), 1).text());
                }
            }
        }
    }

    @Test
    void theLaptopStudyHasAnOriginalForEachSeedAndThePapersShortcut() throws IOException {
        List<Spec> specs = grid("laptop.txt");
        assertEquals(60 + 20 + 10 + 24, specs.size());
        assertTrue(specs.stream().allMatch(spec -> spec.originalSeed() == spec.seed() && spec.network().endsWith("shortcut=average")));
        assertEquals(5, specs.stream().map(Spec::parent).distinct().count());
        assertEquals(Set.of("ft", "ft rate=0.01", "clr", "slr", "lrw epochs=40"), specs.stream().map(Spec::schedule).collect(Collectors.toSet()));
        assertEquals(List.of(20, 30), ((StepDecay) Schedule.parse(specs.get(0).original())).milestones());
    }

    @Test
    void everyClaimIsAboutWhatItsGridMeasures() throws IOException {
        for (var files : List.of(List.of("claims.txt", "laptop.txt"), List.of("claims-smoke.txt", "smoke.txt"), List.of("claims-paper.txt", "paper.txt"))) {
            List<Spec> specs = grid(files.get(1));
            Family family = Family.read(FOLDER.resolve(files.get(0)));
            Stream<Arm> arms = family.hypotheses().stream().flatMap(test -> Stream.concat(Stream.of(test.first(), test.second()),
                    test.control().stream().flatMap(control -> Stream.of(control.first(), control.second()))));
            arms.forEach(arm -> arm.epochs().forEach(epochs -> assertTrue(specs.stream().anyMatch(spec -> spec.epochs() == epochs
                    && Treatment.of(spec).equals(arm.treatment())), files + " lacks " + arm + ", " + epochs)));
        }
        assertEquals(14, Family.read(FOLDER.resolve("claims.txt")).hypotheses().size());
    }
}
