package org.espalier.study.sweep;

import org.espalier.data.DatasetRegistry;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.espalier.study.Grid;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.store.Csv;
import org.espalier.study.store.Store;
import org.espalier.train.Epoch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When trainings are evaluated is no part of an experiment: 40 images, a ResNet-8. */
class EvaluatedTest {
    private static final List<Spec> SPECS = Grid.of("fashion-mnist-sample/take=4,5", "cifar-resnet-8 stages=4,8,8 channels=1").original(3)
            .over("recipe", "batch=20").plans("uniform(0.5)").criteria("l1").schedules("ft", "clr").budgets(2, 4).seeds(1).specs();

    @TempDir
    Path folder;

    private static String withoutBest(List<Result> results) {
        return Csv.textOfResults(results.stream().map(result -> new Result(result.spec(), result.before(), result.pruned(), result.last(), Double.NaN, 0,
                result.split(), result.parameters(), result.macs(), result.originalSha256(), 0, result.history(), result.provenance())).toList());
    }

    @Test
    void bothSettingsGiveTheSameResultsAndOriginalsByteForByte() throws Exception {
        Store every = Store.open(folder.resolve("every"));
        Sweep.of(SPECS, every).run(Experiment.in(every).evaluating(Evaluated.EPOCHS)).complete();
        Store budgets = Store.open(folder.resolve("budgets"));
        Sweep.of(SPECS, budgets).run(Experiment.in(budgets)).complete();
        assertTrue(every.results().stream().allMatch(Result::hasBest));
        assertFalse(budgets.results().stream().anyMatch(Result::hasBest));
        assertEquals(withoutBest(every.results()), Csv.textOfResults(budgets.results()));
        Path network = every.network(SPECS.get(0).parent());
        assertArrayEquals(Files.readAllBytes(network), Files.readAllBytes(budgets.network(SPECS.get(0).parent())));
        Spec longest = SPECS.stream().filter(spec -> spec.schedule().equals("ft") && spec.epochs() == 4).findFirst().orElseThrow();
        assertEquals(List.of(false, true, false, true),
                History.parse(Files.readString(budgets.history(longest.id()))).stream().map(Epoch::isEvaluated).toList());
        assertEquals(Csv.text(budgets.results()), Csv.text(Csv.read(exported(budgets))), "empty columns are read back");
    }

    private Path exported(Store store) {
        store.write(folder.resolve("results.csv"), Csv.text(store.results()));
        return folder.resolve("results.csv");
    }

    private static void killAfterFirstCheckpoint(Store store, Experiment experiment, Job job) {
        assertThrows(IllegalStateException.class, () -> experiment.run(job, share -> {
            if (Files.exists(store.checkpoint(job.key()))) {
                throw new IllegalStateException("killed");
            }
        }));
        assertTrue(Files.exists(store.checkpoint(job.key())));
    }

    @Test
    void aTrainingGoesOnFromItsCheckpointInBothSettingsAndAcrossThem() {
        Store straight = Store.open(folder.resolve("straight"));
        Spec spec = SPECS.get(0).parent();
        Result expected = Sweep.of(List.of(spec), straight).run(Experiment.in(straight).evaluating(Evaluated.EPOCHS)).complete().get(0);
        for (Evaluated first : Evaluated.values()) {
            for (Evaluated second : Evaluated.values()) {
                Store store = Store.open(folder.resolve(first + "-" + second));
                killAfterFirstCheckpoint(store, Experiment.in(store).evaluating(first).checkpointing(0), new Job(List.of(spec)));
                Result resumed = Sweep.of(List.of(spec), store).run(Experiment.in(store).evaluating(second)).complete().get(0);
                assertEquals(withoutBest(List.of(expected)), withoutBest(List.of(resumed)));
                assertEquals(first == Evaluated.EPOCHS && second == Evaluated.EPOCHS, resumed.hasBest(), first + ", then " + second);
            }
        }
    }

    @Test
    void aCheckpointThatWasNotEvaluatedAtABudgetThatIsAskedForNowIsNotGoneOnFrom() throws Exception {
        Store store = Store.open(folder);
        Spec longer = SPECS.stream().filter(spec -> spec.schedule().equals("ft") && spec.epochs() == 4).findFirst().orElseThrow();
        Sweep.of(List.of(longer.parent()), store).run(Experiment.in(store)).complete();
        killAfterFirstCheckpoint(store, Experiment.in(store).checkpointing(0), new Job(List.of(longer)));
        List<Result> results = Sweep.of(List.of(longer.with("epochs", 1), longer), store).run(Experiment.in(store)).complete();
        assertTrue(results.get(0).last() >= 0 && results.get(0).last() <= 1, "epoch 1 was evaluated after all");
    }

    @Test
    void workerProcessesAreToldTheSetting() {
        Store store = Store.open(folder);
        List<Spec> one = SPECS.subList(0, 1);
        try (Workers workers = Workers.of(store, DatasetRegistry.of(List.of()), 1, 1, Evaluated.EPOCHS)) {
            assertTrue(Sweep.of(one, store).run(workers.all()).complete().get(0).hasBest());
        }
    }
}
