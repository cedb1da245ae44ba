package org.espalier.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.espalier.prune.Criterion;
import org.espalier.prune.criteria.L1Norm;
import org.espalier.prune.plans.UniformPlan;
import org.espalier.train.schedules.CLR;
import org.espalier.train.schedules.FT;
import org.junit.jupiter.api.Test;

class GridTest {
    private static final Grid GRID = Grid.of("fashion-mnist-sample", "cifar-resnet-20 channels=1").original(16)
            .plans("R20-B").criteria("l1", "random").schedules("ft", "lrw", "slr", "clr").budgets(4, 8).seeds(1, 2, 3);

    @Test
    void everyCombinationStandsInItOnce() {
        List<Spec> specs = GRID.specs();
        assertEquals(2 * 4 * 2 * 3, specs.size());
        assertEquals(specs.size(), specs.stream().map(Spec::id).distinct().count());
    }

    @Test
    void rewindingMeansTheOriginalTrainingOfTheGrid() {
        assertTrue(GRID.specs().stream().anyMatch(spec -> spec.schedule().equals("lrw epochs=16")));
        assertTrue(GRID.specs().stream().noneMatch(spec -> spec.schedule().equals("lrw")));
    }

    @Test
    void theSameWrittenInTwoWaysIsOneExperiment() {
        Grid plain = Grid.of("sample", "cifar-resnet-20 classes=10").plans("uniform(0.5)").schedules("clr highest=0.1").budgets(4);
        Grid other = Grid.of("sample", "cifar-resnet-20").plans("uniform(.50)").schedules("clr").budgets(4);
        assertEquals(plain.specs(), other.specs());
    }

    @Test
    void anOriginalIsSharedByAllSeedsOrTrainedForEach() {
        assertEquals(1, GRID.specs().stream().map(Spec::parent).distinct().count());
        assertEquals(3, GRID.originalPerSeed().specs().stream().map(Spec::parent).distinct().count());
    }

    @Test
    void itsTextIsTheSameGrid() {
        List<Spec> specs = Grid.parse("""
                # the smoke scale
                data = fashion-mnist-sample
                network = cifar-resnet-20 channels=1
                original = step epochs=16   # drops at 8 and 12
                plan = R20-B
                criterion = l1 | random
                schedule = ft | lrw | slr | clr
                epochs = 4 | 8
                seed = 1..3
                """);
        assertEquals(GRID.specs(), specs);
    }

    @Test
    void anEmptyLineBeginsAnotherGrid() {
        List<Spec> specs = Grid.parse("data=sample\nnetwork=cifar-resnet-20\n\n\ndata=sample\nnetwork=cifar-resnet-56\n");
        assertEquals(List.of(Spec.original("sample", "cifar-resnet-20"), Spec.original("sample", "cifar-resnet-56")), specs);
    }

    @Test
    void aMethodThatCantTakeThePlanOrTheCriterionIsNamedBeforeAnythingIsTrained() {
        Grid own = Grid.of("sample", "cifar-resnet-20").schedules("ft").budgets(2).seeds(1);
        for (String method : List.of("sfp", "thinet", "scratch")) {
            var error = assertThrows(IllegalArgumentException.class, () -> own.plans("uniform(0.5)").criteria("l2").methods(method).specs());
            assertTrue(error.getMessage().contains("the method " + method + " has a criterion of its own; leave the criterion l2 out"), error.getMessage());
        }
        for (String method : List.of("gal", "slimming", "taylor-training", "magnitude ratio=0.5")) {
            var error = assertThrows(IllegalArgumentException.class, () -> own.plans("uniform(0.5)").criteria("l1").methods(method).specs());
            assertTrue(error.getMessage().contains("its plan is 'found', not uniform(0.5)"), error.getMessage());
            assertEquals(1, own.plans("found").criteria("l1").methods(method).specs().size());
        }
    }

    @Test
    void aLineThatSaysNothingIsNamed() {
        var error = assertThrows(IllegalArgumentException.class, () -> Grid.parse("data = sample\nnetwork\n"));
        assertTrue(error.getMessage().contains("line 2"), error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Grid.parse("data = sample\nnetwrok = cifar-resnet-20\n"));
    }

    @Test
    void someOfItAreChosenByTheirFields() {
        assertEquals(GRID.seeds(2).specs(), Grid.only(GRID.specs(), List.of("seed=2")));
        assertEquals(GRID.seeds(1, 3).criteria("l1").specs(), Grid.only(GRID.specs(), List.of("seed = 1 | 3", "criterion=l1")));
        List<Spec> originals = GRID.originalPerSeed().specs().stream().map(Spec::parent).distinct().toList();
        assertEquals(originals.subList(1, 2), Grid.only(originals, List.of("seed=2")), "an original is of the seed that it was trained with");
        var error = assertThrows(IllegalArgumentException.class, () -> Grid.only(GRID.specs(), List.of("seed=9")));
        assertTrue(error.getMessage().contains("[1, 2, 3]"), error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Grid.only(GRID.specs(), List.of("sede=1")));
    }

    @Test
    void aTypoIsNamedBeforeAnythingIsTrained() {
        Grid grid = Grid.of("sample", "cifar-resnet-20").plans("R20-B").criteria("l1").schedules("ft").budgets(1);
        assertMessage("the grid's criterion 'magic'", grid.criteria("magic"));
        assertMessage("the grid's schedule 'crl'", grid.schedules("crl"));
        assertMessage("the grid's plan 'R20-X'", grid.plans("R20-X"));
        assertMessage("the grid's network 'cifar-resnet-21'", grid.over("network", "cifar-resnet-21"));
        assertMessage("made for cifar-resnet-56", grid.plans("R56-B"));
    }

    private static void assertMessage(String part, Grid grid) {
        String message = assertThrows(IllegalArgumentException.class, grid::specs).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void valuesStandThereByTheirTexts() {
        Grid texts = Grid.of("sample", "cifar-resnet-20").plans("uniform(0.5)").criteria("l1").schedules("clr", "ft rate=0.01").budgets(4);
        Grid values = Grid.of("sample", "cifar-resnet-20").plans(new UniformPlan(.5)).criteria(new L1Norm()).schedules(CLR.ofPaper(), new FT(.01)).budgets(4);
        assertEquals(texts.specs(), values.specs());
        Criterion lambda = (network, group, calibration) -> new double[group.width()];
        assertTrue(assertThrows(IllegalStateException.class, () -> values.criteria(lambda)).getMessage().contains("name it"));
    }
}
