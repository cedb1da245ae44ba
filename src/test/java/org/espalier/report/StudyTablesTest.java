package org.espalier.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.model.Architecture;
import org.espalier.prune.Plan;
import org.espalier.study.Fixtures;
import org.espalier.study.Grid;
import org.espalier.study.Matched;
import org.espalier.study.Provenance;
import org.espalier.study.Result;
import org.espalier.study.Scale;
import org.espalier.study.Spec;
import org.espalier.study.statistics.Family;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class StudyTablesTest {
    private static final Grid GRID = Grid.of("sample", "cifar-resnet-20").original(40).plans("R20-D").criteria("l1").schedules("ft", "clr").budgets(10).seeds(1, 2)
            .originalPerSeed();

    private static StudyData study(Grid... measured) {
        List<Spec> specs = Stream.concat(Stream.of(measured), Stream.of(GRID.criteria("random"))).flatMap(grid -> grid.specs().stream()).distinct().toList();
        return new StudyData("made-up", Scale.LAPTOP, Path.of(""), List.of(new StudyPart(Path.of("grid.txt"), specs,
                Stream.of(measured).flatMap(grid -> grid.specs().stream()).distinct().map(Fixtures::result).toList())), Optional.empty());
    }

    @Test
    void aComparisonHasEveryArmMeasuredOrNot() {
        Table table = StudyTables.comparison(study(GRID));
        assertEquals(List.of("l1 + FT", "l1 + CLR", "random + FT", "random + CLR"), table.stringColumn(0).asList());
        assertEquals(List.of("2", "2", "not measured yet", "not measured yet"), table.stringColumn("seeds").asList());
        assertEquals(50, table.doubleColumn("epochs in all").get(0), "40 of the original, 10 of the retraining");
        assertEquals(1 + .5655 * 10 / 40, table.doubleColumn("MAC-epochs in all, of the original's").get(1), 1e-3);
        assertEquals(1, table.doubleColumn("best epoch on test: above").get(0), 1e-9, "the fixture's best epoch is a point above its last");
        assertTrue(table.doubleColumn("test accuracy, %").isMissing(3));
    }

    @Test
    void aClaimAlsoReadsRowsOfAStudyBesideItOnTheSameData() {
        Family family = Family.parse("claim = CLR beats FT\nfirst = plan=R20-D; criterion=random; schedule=clr; epochs=10\n"
                + "second = plan=R20-D; criterion=l1; schedule=ft; epochs=10\nexpect = above 0\n");
        StudyData own = study(GRID);
        StudyData asking = new StudyData(own.name(), own.scale(), own.root(), own.parts(), Optional.of(family));
        assertEquals(0, asking.judged().get(0).paired().size());
        StudyData beside = study(GRID, GRID.criteria("random"), GRID.criteria("random").over("data", "other"));
        assertEquals(2, asking.judged(beside).get(0).paired().size(), "its other data aren't asked, and rows that both have count once");
        assertEquals(2, StudyTables.claims(asking, beside).intColumn("seeds").get(0));
    }

    @Test
    void resultsOfTwoDataSetsOrRecipesShareNoTable() {
        for (StudyData mixed : List.of(study(GRID, GRID.criteria("l2").over("data", "other")), study(GRID, GRID.criteria("l2").over("recipe", "batch=32")))) {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> StudyTables.comparison(mixed)).getMessage().matches("results that differ in (data|recipe).*"));
            assertThrows(IllegalArgumentException.class, () -> Studies.table(mixed.results()));
            assertThrows(IllegalArgumentException.class, () -> Studies.budgets("", mixed.results()));
        }
    }

    @Test
    void thePapersPlansHaveGalsParametersAndMoreMultiplyAdds() {
        Table table = StudyTables.matching("table-1-gal", Map.of("GAL-0.5", "R50-GAL0.5", "GAL-1", "R50-GAL1"));
        assertEquals(21.20, table.doubleColumn("parameters, M, published").get(0));
        assertEquals(21.105070, table.doubleColumn("parameters, M, computed").get(0), 1e-9);
        assertEquals(2.187045563, table.doubleColumn("MACs, G, computed").get(1), 1e-9);
        assertTrue(table.doubleColumn("parameters, M, at the method's MACs").get(0) < 17, "far fewer parameters than GAL, at its multiply-adds");
    }

    private static Result found(long seed, String schedule) {
        Spec spec = GRID.plans("found").methods("slimming").schedules(schedule).seeds(seed).specs().get(0);
        Architecture dense = Architecture.parse(spec.network());
        Architecture left = dense.withWidths(Plan.parse(seed == 1 ? "R20-D" : "R20-B").kept(dense));
        return new Result(spec, .9, .5, .85, Double.NaN, 0, "test", left.parameters(), left.macs(32, 32), "", 1, spec.id(),
                Fixtures.result(spec).provenance(), left.text(), List.of());
    }

    @Test
    void whatFollowsFromAMethodsRowsHasItsSizeSeedBySeed() {
        Matched matched = Matched.of("matched = parameters | macs | widths  # three\ncriterion = l1 | random\nschedule = clr\nepochs = 25\n",
                List.of(found(1, "ft"), found(1, "clr"), found(2, "clr")));
        assertEquals(2 * 3 * 2, matched.specs().size(), "once for both schedules");
        for (Spec spec : matched.specs()) {
            Architecture dense = Architecture.parse(spec.network());
            Architecture pruned = dense.withWidths(Plan.parse(spec.plan()).kept(dense));
            Result of = found(spec.seed(), "clr");
            assertEquals(spec.seed(), spec.originalSeed());
            boolean parameters = spec.plan().startsWith("parameters");
            long wanted = parameters ? of.parameters() : of.macs();
            double share = (double) (parameters ? pruned.parameters() : pruned.macs(32, 32)) / wanted;
            assertTrue(share > .9 && share < 1.001, () -> share + " of what was found: " + spec.text());
        }
        assertEquals(List.of("l1 + CLR, at slimming's multiply-adds", "l1 + CLR, at slimming's parameters", "l1 + CLR, at slimming's widths",
                "random + CLR, at slimming's multiply-adds", "random + CLR, at slimming's parameters", "random + CLR, at slimming's widths"),
                matched.names().values().stream().distinct().sorted().toList());
        assertEquals(matched.specs(), Grid.parse(matched.grid()), "and a grid that others can run");
        assertTrue(Matched.of("matched = macs\ncriterion = l1\nschedule = clr\nepochs = 1\n", List.of()).specs().isEmpty());
    }
}
