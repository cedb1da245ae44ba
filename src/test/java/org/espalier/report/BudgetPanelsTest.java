package org.espalier.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.nio.file.Path;
import org.espalier.display.Views;
import org.espalier.study.Fixtures;
import org.espalier.study.Grid;
import org.espalier.study.Scale;
import org.espalier.study.Spec;
import org.junit.jupiter.api.Test;
import tech.tablesaw.plotly.components.Figure;

class BudgetPanelsTest {
    private static final Grid GRID = Grid.of("sample", "cifar-resnet-20").original(40).criteria("l1").schedules("ft", "lrw", "slr", "clr", "llr")
            .budgets(10, 20, 80).seeds(1, 2).originalPerSeed();

    private static StudyData study(List<Spec> measured, List<Spec> lacking) {
        Set<Spec> all = new LinkedHashSet<>(measured);
        all.addAll(lacking);
        return new StudyData("made-up", Scale.LAPTOP, Path.of(""), List.of(new StudyPart(Path.of("grid.txt"), List.copyOf(all),
                measured.stream().map(Fixtures::result).toList())), Optional.empty());
    }

    private static Map<?, ?> layout(Figure figure) {
        return (Map<?, ?>) ((Map<?, ?>) Views.of(figure).data().get("application/vnd.plotly.v1+json")).get("layout");
    }

    @Test
    void eachPlanHasAPanelWhoseBudgetsAreSharesOfTheOriginalTraining() {
        BudgetPanels panels = BudgetPanels.of(study(GRID.plans("R20-D").specs(), GRID.plans("R20-B").specs()));
        assertEquals(List.of("ResNet-20, R20-D\n28.5 % of parameters removed", "ResNet-20, R20-B\nnot measured yet"), List.copyOf(panels.here().keySet()));
        List<Curve> curves = panels.here().values().iterator().next();
        assertEquals(List.of("l1 + FT", "l1 + LRW", "l1 + SLR", "l1 + CLR"), curves.stream().map(Curve::name).toList(), "the paper's four");
        assertArrayEquals(new double[] {25, 50}, curves.get(0).x(), "none beyond the original training");
    }

    @Test
    void thePublishedPanelsHaveTheirEightBudgetsAndCurves() {
        Map<String, List<Curve>> panels = BudgetPanels.of().others();
        assertEquals(List.of("ResNet-56, R56-B\n13.8 % of parameters removed", "ResNet-110, R110-B\n32.4 % of parameters removed",
                "VGG-16, VGG-A\n64.0 % of parameters removed"), List.copyOf(panels.keySet()));
        panels.values().forEach(curves -> curves.forEach(curve -> assertArrayEquals(new double[] {25, 35, 45, 55, 65, 75, 85, 95}, curve.x())));
        assertArrayEquals(new double[] {-.05, -.10, .20, .17, .04, .31, .41, .38}, panels.values().iterator().next().get(3).y());
    }

    @Test
    void axesOfPanelsAreAlikeAndTitlesStandInThem() {
        Map<?, ?> layout = layout(BudgetPanels.of().published());
        for (String axis : List.of("xaxis", "yaxis")) {
            Object range = ((Map<?, ?>) layout.get(axis)).get("range");
            assertEquals(range, ((Map<?, ?>) layout.get(axis + "2")).get("range"));
            assertEquals(range, ((Map<?, ?>) layout.get(axis + "3")).get("range"));
        }
        assertEquals(3, ((List<?>) layout.get("annotations")).size());
        assertTrue(layout.get("annotations").toString().contains("VGG-16, VGG-A<br>64.0 %"));
        assertEquals(((Map<?, ?>) layout(Figures.schedules(72, org.espalier.Espalier.ft(), org.espalier.Espalier.clr())).get("yaxis")).get("range"),
                ((Map<?, ?>) layout(Figures.schedules(72, org.espalier.Espalier.ft(), org.espalier.Espalier.clr())).get("yaxis2")).get("range"));
    }
}
