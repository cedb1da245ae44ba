package org.espalier.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.method.Method;
import org.espalier.method.controls.Scratch;
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
    private static final Path STUDIES = Path.of("notebooks", "studies");
    private static final Path FOLDER = STUDIES.resolve("figure-2");

    private static List<Spec> grid(String name) throws IOException {
        return Grid.parse(Files.readString(FOLDER.resolve(name)));
    }

    private static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void everyGridCanBeReadAndIsCanonical() throws IOException {
        for (Path study : in(STUDIES)) {
            List<Path> grids = in(study).stream().filter(file -> !file.getFileName().toString().startsWith("claims")).toList();
            boolean claims = in(study).size() > grids.size();
            for (String scale : claims ? List.of("smoke.txt", "laptop.txt", "paper.txt") : List.of("laptop.txt")) {
                assertTrue(grids.contains(study.resolve(scale)), study + " has no " + scale);
            }
            for (Path file : grids) {
                String text = Files.readString(file);
                if (file.getFileName().toString().endsWith("matched.txt")) {
                    assertTrue(text.contains("matched   "), file + " follows from a method's rows");
                    continue;
                }
                for (Spec spec : Grid.parse(text)) {
                    Architecture dense = Architecture.parse(spec.network());
                    assertEquals(spec.network(), dense.text());
                    assertTrue(Schedule.parse(spec.original()) instanceof StepDecay, file + ": " + spec);
                    if (!spec.isOriginal()) {
                        assertEquals(spec.plan(), Plan.parse(spec.plan()).text());
                        assertEquals(spec.schedule(), Schedule.parse(spec.schedule()).text());
                        assertEquals(spec.criterion(), Criterion.parse(spec.criterion(), 1).text());
                        assertEquals(spec.method(), Method.parse(spec.method()).text());
                    }
                }
            }
        }
    }

    @Test
    void scratchBCostsWhatTheOriginalDid() throws IOException {
        int seen = 0;
        for (String grid : List.of("laptop-6-scratch.txt", "paper-4-methods.txt")) {
            for (Spec spec : Grid.parse(Files.readString(STUDIES.resolve("table-3-random").resolve(grid)))) {
                int original = ((StepDecay) Schedule.parse(spec.original())).epochs();
                if (spec.method().equals("scratch") && spec.epochs() != original) {
                    Architecture dense = Architecture.parse(spec.network());
                    assertEquals(Scratch.epochs(original, dense, dense.withWidths(Plan.parse(spec.plan()).kept(dense))), spec.epochs(), spec.text());
                    seen++;
                }
            }
        }
        assertEquals(3 + 2 * 5, seen);
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

    /** The main figure's claims also read the rows of Figure 2's study and its arms. */
    private static List<Spec> beside() throws IOException {
        List<Spec> specs = new ArrayList<>();
        for (String name : List.of("laptop.txt", "laptop-3-r20-b.txt", "laptop-4-what-drives-clr.txt")) {
            specs.addAll(grid(name));
        }
        return specs;
    }

    @Test
    void everyClaimIsAboutWhatItsGridMeasures() throws IOException {
        for (Path study : in(STUDIES)) {
            for (Path claims : in(study).stream().filter(file -> file.getFileName().toString().startsWith("claims")).toList()) {
                String scale = claims.getFileName().toString().replaceFirst("claims-?", "").replaceFirst("^\\.txt", "laptop.txt");
                List<Spec> specs = new ArrayList<>(Grid.parse(Files.readString(study.resolve(scale))));
                if (study.endsWith("schedules-by-budget") && scale.equals("laptop.txt")) {
                    specs.addAll(beside());
                }
                Family family = Family.read(claims);
                Stream<Arm> arms = family.hypotheses().stream().flatMap(test -> Stream.concat(Stream.of(test.first(), test.second()),
                        test.control().stream().flatMap(control -> Stream.of(control.first(), control.second()))));
                arms.forEach(arm -> arm.epochs().forEach(epochs -> assertTrue(specs.stream().anyMatch(spec -> spec.epochs() == epochs
                        && Treatment.of(spec).equals(arm.treatment())), claims + ": " + scale + " lacks " + arm + ", " + epochs)));
            }
        }
        assertEquals(14, Family.read(FOLDER.resolve("claims.txt")).hypotheses().size());
    }
}
