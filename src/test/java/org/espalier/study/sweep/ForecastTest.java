package org.espalier.study.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.espalier.data.DatasetRegistry;
import org.espalier.study.Grid;
import org.espalier.study.Spec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForecastTest {
    private static final Grid GRID = Grid.of("cifar10", "cifar-resnet-20").original(40).plans("R20-D").criteria("l1", "random").schedules("ft", "clr").budgets(10, 20)
            .seeds(1, 2).originalPerSeed();
    private static final Spec TINY = Spec.original("stream@8", "com.acme.TinyNet width=8 channels=3 classes=4").with("recipe", "batch=8");

    @TempDir
    Path folder;

    @Test
    void aTrainingThatIsReadAtSeveralBudgetsCountsOnce() {
        Forecast forecast = Forecast.of(GRID.specs(), name -> 50_000);
        assertEquals(2, forecast.originals());
        assertEquals(2 * 2 * (1 + 2), forecast.jobs(), "FT is one training for both budgets");
        assertEquals(2 * 40, forecast.work().get(0).epochs());
        assertEquals(2 * 2 * (20 + 10 + 20), forecast.work().get(1).epochs());
        assertEquals(22_930_048L * 200., forecast.work().get(1).macEpochs());
        assertEquals(2 * 4 * 269_722L, forecast.originalBytes());
        assertTrue(forecast.work().get(0).memory() > 50_000L * 32 * 32 * 3 + 16L * 269_722, "the images and four copies of the weights, and more");
    }

    @Test
    void widthsThatTheRunFindsCountAsTheDenseNetworks() {
        Forecast forecast = Forecast.of(GRID.plans("found").methods("slimming").criteria("l1").specs(), name -> 50_000);
        assertTrue(forecast.work().stream().allMatch(work -> work.network().equals("cifar-resnet-20")));
        assertTrue(forecast.work().stream().anyMatch(Forecast.Work::upTo));
        assertEquals(2 * (1 + 2) * 40 + 2 * 40, forecast.work().stream().filter(work -> !work.upTo()).mapToLong(Forecast.Work::epochs).sum(),
                "the originals and slimming's own trainings");
    }

    @Test
    void theNumberOfImagesIsInTheNameOrTheFolderIsAskedFor() {
        DatasetRegistry nothing = DatasetRegistry.of(List.of());
        assertEquals(20_000, TrainingImages.of("folder:444b391bed2f964a/take=2000", 10, nothing));
        assertEquals(45_000, TrainingImages.of("cifar10/validation=0.1@7", 10, nothing));
        assertEquals(1_281_167, TrainingImages.of("stream@224", 1000, nothing));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> TrainingImages.of("folder:444b391bed2f964a", 10, nothing)).getMessage().contains("--data"));
    }

    @Test
    void stepsOnNoiseAreTimedAndEveryJobsFirstStepsRun() {
        Machine machine = Machine.here();
        List<Spec> specs = List.of(TINY, TINY.retrained("uniform(0.5)", "l1", "clr", 4), TINY.retrained("uniform(0.5)", "hrank", "slr", 4).with("seed", 2),
                TINY.retrained("found", "l1", "ft", 4).with("method", "slimming epochs=30"));
        Forecast forecast = Forecast.of(specs, name -> 800);
        double seconds = forecast.work().get(0).seconds(2, machine, folder);
        assertTrue(seconds > 0 && seconds < Double.POSITIVE_INFINITY, () -> seconds + " s");
        assertEquals(4, Forecast.tryJobs(specs, 3, machine, folder), "from files, in folders of the right number of classes");
    }

    @Test
    void aJobThatCannotStartIsNamed() {
        Spec wrong = TINY.retrained("found", "l2", "clr", 4).with("method", "gal");
        assertTrue(assertThrows(IllegalStateException.class, () -> Forecast.tryJobs(List.of(wrong), 1, Machine.here(), folder)).getMessage().contains("method=gal"));
    }
}
