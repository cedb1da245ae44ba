package org.espalier.study.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.espalier.model.Architecture;
import org.espalier.prune.plans.WidthsPlan;
import org.espalier.study.Grid;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.statistics.Comparison;
import org.espalier.study.store.Csv;
import org.espalier.study.store.Store;
import org.espalier.train.Epoch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Methods and criteria that look at data, in a sweep: 40 images, a ResNet-8. */
class MethodSweepTest {
    private static final Grid GRID = Grid.of("fashion-mnist-sample/take=4,5", "cifar-resnet-8 stages=4,8,8 channels=1").original(1)
            .over("recipe", "batch=20").schedules("ft").budgets(1, 2).seeds(1);

    @TempDir
    Path folder;

    private static List<Spec> specs() {
        return Stream.of(GRID.plans("uniform(0.5)").criteria("taylor", "hrank", new com.acme.MeanActivation().text()).methods("one-shot").specs(),
                GRID.plans("uniform(0.5)").criteria("l1").methods("iterative rounds=2 epochs=2", "sfp epochs=2", new com.acme.Shrink(2, .01).text(),
                        "layer-by-layer epochs=2", "thinet", "scratch", "rewinding epoch=1", "reestimated-norms batches=3").specs(),
                GRID.plans("found").criteria("l1").methods("slimming epochs=2", "magnitude ratio=0.5", "lamp ratio=0.5", "magnitude ratio=0.5 rounds=2 epochs=2 rewind=1", "gal epochs=2 lambda=0.01 masks=positive",
                        "taylor-training epochs=4 every=3 step=0.2").specs()).flatMap(List::stream).toList();
    }

    @Test
    void aKilledRunOfEveryMethodGoesOnToTheSameResult() throws Exception {
        Store once = Store.open(folder.resolve("once"));
        Sweep.of(specs(), once).run(Experiment.in(once)).complete();

        Store twice = Store.open(folder.resolve("twice"));
        Experiment real = Experiment.in(twice).checkpointing(0);
        AtomicInteger killed = new AtomicInteger();
        // Dies after every checkpoint of a job that is new: within a method's training, at its end, and within the retraining.
        JobRunner mortal = (job, progress) -> {
            long before = files(twice, job);
            return real.run(job, share -> {
                if (files(twice, job) > before) {
                    killed.incrementAndGet();
                    throw new IllegalStateException("killed");
                }
            });
        };
        Sweep.of(specs(), twice).run(mortal);
        for (int attempt = 0; attempt < 4; attempt++) {
            Sweep.of(specs(), twice).again().run(mortal);
        }
        Sweep.of(specs(), twice).again().run(mortal).complete();
        assertTrue(killed.get() >= 12, killed + " kills");
        assertEquals(Csv.textOfResults(once.results()), Csv.textOfResults(twice.results()));
        for (Result result : once.results()) {
            // The loss of each epoch, to its last bit, is that of the same weights.
            assertEquals(losses(once, result), losses(twice, result), result.spec().text());
        }
        try (Stream<Path> left = Files.list(twice.folder().resolve("checkpoints"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    private static List<Double> losses(Store store, Result result) throws IOException {
        return History.parse(Files.readString(store.history(result.history()))).stream().map(Epoch::trainLoss).toList();
    }

    private static long files(Store store, Job job) {
        Path folder = store.checkpoint(job.key()).getParent();
        if (!Files.exists(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(job.key()) && file.toString().endsWith(".safetensors")).count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aMethodThatFindsItsWidthsLeavesThemInItsRow() {
        Store store = Store.open(folder);
        Spec spec = GRID.plans("found").methods("slimming epochs=1").budgets(1).specs().get(0);
        Result result = Sweep.of(List.of(spec), store).run(Experiment.in(store)).complete().get(0);
        Architecture left = Architecture.parse(result.architecture());
        assertEquals(left.parameters(), result.parameters());
        assertEquals(11, left.widths().stream().mapToInt(Integer::intValue).sum());
        assertEquals(List.of(result), Store.open(folder).results(other -> !other.isOriginal()));
        assertEquals("", store.result(spec.parent().id()).orElseThrow().architecture());
        Spec same = spec.with("method", "").with("plan", WidthsPlan.of(left).text());
        assertEquals(result.parameters(), Sweep.of(List.of(same), store).run(Experiment.in(store)).complete().get(0).parameters());
    }

    @Test
    void whatAMethodSaysOfItsOutcomeIsInTheRowOfEachBudget() {
        Store store = Store.open(folder);
        List<Spec> specs = GRID.plans("found").methods("slimming epochs=1 ratio=0.9").specs();
        List<Result> results = Sweep.of(specs, store).run(Experiment.in(store)).complete();
        assertEquals(2, results.size());
        results.forEach(result -> assertTrue(result.remarks().get(0).contains("emptied 2 of 3 layers"), result.toString()));
        assertEquals(results, Store.open(folder).results(other -> !other.isOriginal()));
        String text = Comparison.of(results).text();
        assertTrue(text.contains("found, slimming ratio=0.9 epochs=1 + ft, seed 1: slimming would have emptied 2 of 3 layers"), text);
    }

    @Test
    void theOriginalTrainedAgainIsTheSameNetworkAndAllrGoesByZeroedWeights() {
        Store store = Store.open(folder);
        List<Spec> specs = GRID.original(2).plans("uniform(0.5)").methods("one-shot", "rewinding epoch=2").budgets(2).specs();
        List<Result> results = Sweep.of(specs, store).run(Experiment.in(store)).complete();
        assertEquals(results.get(0).last(), results.get(1).last());
        assertEquals(results.get(0).pruned(), results.get(1).pruned(), "rewound to the end is one-shot");
        Spec sparse = GRID.plans("found").schedules("allr").methods("magnitude ratio=0.5").budgets(2).specs().get(0);
        assertTrue(Sweep.of(List.of(sparse), store).run(Experiment.in(store)).complete().get(0).last() > 0);
    }

    @Test
    void oneShotIsWrittenInNoSpec() {
        List<Spec> plain = GRID.plans("uniform(0.5)").criteria("l1").specs();
        assertEquals(plain, GRID.plans("uniform(0.5)").criteria("l1").methods("one-shot").specs());
        assertFalse(plain.get(0).text().contains("method"));
        assertTrue(GRID.plans("found").methods("magnitude ratio=.5").specs().get(0).text().endsWith("; method=magnitude ratio=0.5"));
    }
}
