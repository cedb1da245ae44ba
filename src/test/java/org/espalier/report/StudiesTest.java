package org.espalier.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.espalier.study.Fixtures;
import org.espalier.study.Grid;
import org.espalier.study.Result;
import org.junit.jupiter.api.Test;

class StudiesTest {
    private static final Grid GRID = Grid.of("sample", "cifar-resnet-20").original(40).criteria("l1", "random").budgets(10, 20).seeds(1, 2);

    private static List<Result> results(Grid... grids) {
        return Stream.of(grids).flatMap(grid -> grid.specs().stream()).distinct().map(Fixtures::result).toList();
    }

    @Test
    void aTreatmentIsCriterionAndScheduleWithItsParameters() {
        List<Result> results = results(GRID.plans("R20-D").schedules("ft", "ft rate=0.01", "lrw", "clr cycleMomentum=false"));
        assertEquals(List.of("l1 + FT", "l1 + FT rate=0.01", "l1 + LRW", "l1 + CLR cycleMomentum=false", "random + FT", "random + FT rate=0.01",
                "random + LRW", "random + CLR cycleMomentum=false"), List.copyOf(Studies.names(results).values()));
        assertEquals(16, Studies.table(results).rowCount());
        assertEquals("Accuracy of ResNet-20 after the last epoch, against the network before pruning", Studies.table(results).name());
        assertEquals(2, Studies.at(results, "l1 + FT rate=0.01", 10).size());
    }

    @Test
    void severalPlansShareATable() {
        List<Result> results = results(GRID.plans("R20-B", "R20-D").schedules("ft"), GRID.plans("uniform(0.0)").criteria("l1").schedules("ft"));
        assertEquals(List.of("R20-B, l1 + FT", "R20-B, random + FT", "R20-D, l1 + FT", "R20-D, random + FT", "unpruned + FT"),
                List.copyOf(Studies.names(results).values()));
        assertEquals(10, Studies.table(results).rowCount());
    }

    @Test
    void twoThatWouldBeCalledTheSameAreCalledInFull() {
        List<Result> results = results(GRID.plans("R20-D").criteria("l1").schedules("lrw", "lrw epochs=80"));
        assertEquals(List.of("R20-D, l1 + lrw epochs=40", "R20-D, l1 + lrw epochs=80"), List.copyOf(Studies.names(results).values()));
    }

    @Test
    void resultsOfTwoDataSetsAreNoReplicates() {
        List<Result> results = results(GRID.plans("R20-D").schedules("ft"), Grid.of("other", "cifar-resnet-20").original(40).criteria("l1").plans("R20-D")
                .schedules("ft").budgets(10).seeds(1));
        assertThrows(IllegalArgumentException.class, () -> Studies.table(results));
    }
}
