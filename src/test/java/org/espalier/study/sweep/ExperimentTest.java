package org.espalier.study.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.model.Architecture;
import org.espalier.model.Initial;
import org.espalier.model.Network;
import org.espalier.model.loading.Networks;
import org.espalier.study.Grid;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.store.Csv;
import org.espalier.study.store.Store;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real thing, as small as it gets: 40 images, a ResNet-8. */
class ExperimentTest {
    private static final String DATA = "fashion-mnist-sample/take=4,5";
    private static final String NETWORK = "cifar-resnet-8 stages=4,8,8 channels=1";
    private static final Grid GRID = Grid.of(DATA, NETWORK).original(2).over("recipe", "batch=20")
            .plans("uniform(0.5)").criteria("l1", "random").schedules("ft", "clr").budgets(1, 2).seeds(1);

    @TempDir
    Path folder;

    @Test
    void aGridGivesTheSameResultsTwiceWhereverItIsInterrupted() throws Exception {
        Store once = Store.open(folder.resolve("once"));
        List<Result> results = Sweep.of(GRID.specs(), once).run(Experiment.in(once)).complete();
        assertEquals(8, results.size());
        assertTrue(results.stream().allMatch(result -> result.before() == results.get(0).before() && result.parameters() < 10_000));

        Store twice = Store.open(folder.resolve("twice"));
        Experiment real = Experiment.in(twice).checkpointing(0);
        JobRunner mortal = (job, progress) -> {
            boolean resumed = Files.exists(twice.checkpoint(job.key()));
            return real.run(job, share -> {
                if (!resumed && Files.exists(twice.checkpoint(job.key()))) {
                    throw new IllegalStateException("killed after its first checkpoint");
                }
            });
        };
        assertEquals(1, Sweep.of(GRID.specs(), twice).run(mortal).failures().size(), "the original dies, and nothing can start from it");
        assertEquals(6, Sweep.of(GRID.specs(), twice).again().run(mortal).lacking().size(), "all but the two trainings of one epoch die");
        Sweep.of(GRID.specs(), twice).again().run(mortal).complete();
        assertEquals(Csv.textOfResults(once.results()), Csv.textOfResults(twice.results()));
    }

    @Test
    void aCheckpointIsLeftBetweenEpochsAndGoneInTheEnd() throws Exception {
        Store store = Store.open(folder);
        Experiment real = Experiment.in(store).checkpointing(0);
        Spec spec = Spec.original(DATA, NETWORK).with("original", "step epochs=3").with("recipe", "batch=20");
        Job job = new Job(List.of(spec));
        assertThrows(IllegalStateException.class, () -> real.run(job, share -> {
            if (Files.exists(store.checkpoint(job.key()))) {
                throw new IllegalStateException("killed");
            }
        }));
        assertTrue(Files.exists(store.checkpoint(job.key())));
        Result resumed = Sweep.of(List.of(spec), store).run(real).complete().get(0);
        assertFalse(Files.exists(store.checkpoint(job.key())));
        assertEquals(3, History.parse(Files.readString(store.history(spec.id()))).size());
        Store other = Store.open(folder.resolve("other"));
        Result straight = Sweep.of(List.of(spec), other).run(Experiment.in(other)).complete().get(0);
        assertEquals(Csv.textOfResults(List.of(straight)), Csv.textOfResults(List.of(resumed)));
    }

    @Test
    void aCheckpointThatIsDamagedOrOfOtherCircumstancesIsNotGoneOnFrom() throws Exception {
        Store store = Store.open(folder);
        Spec spec = Spec.original(DATA, NETWORK).with("original", "step epochs=2").with("recipe", "batch=20");
        Path checkpoint = store.prepared(store.checkpoint(new Job(List.of(spec)).key()));
        Files.writeString(checkpoint, "this is no safetensors file");
        assertEquals(1, Sweep.of(List.of(spec), store).run(Experiment.in(store)).complete().size());
        assertFalse(Files.exists(checkpoint));

        Experiment real = Experiment.in(store).checkpointing(0);
        Job job = new Job(List.of(spec.with("originalSeed", 2)));
        assertThrows(IllegalStateException.class, () -> real.run(job, share -> {
            if (Files.exists(store.checkpoint(job.key()))) {
                throw new IllegalStateException("killed");
            }
        }));
        assertEquals(1, StateFile.read(store.checkpoint(job.key()), Checkpoints.identity(job, Machine.here())).history().size());
        var error = assertThrows(IllegalArgumentException.class, () -> StateFile.read(store.checkpoint(job.key()), "another machine"));
        assertTrue(error.getMessage().contains("not of another machine"), error.getMessage());
    }

    @Test
    void aShorterBudgetOfFineTuningIsReadOffTheLongerTraining() {
        Store apart = Store.open(folder.resolve("apart"));
        Store together = Store.open(folder.resolve("together"));
        List<Spec> specs = GRID.schedules("ft").criteria("l1").specs();
        specs.forEach(spec -> Sweep.of(List.of(spec), apart).run(Experiment.in(apart)).complete());
        Sweep.of(specs, together).run(Experiment.in(together)).complete();
        assertEquals(Csv.textOfResults(apart.results()), Csv.textOfResults(together.results()));
        assertEquals(1, together.results(spec -> !spec.isOriginal()).stream().map(Result::history).distinct().count());
    }

    @Test
    void aScheduleThatGoesByThePruningIsResolvedByTheSweep() {
        Store store = Store.open(folder);
        List<Result> results = Sweep.of(GRID.schedules("allr", "bimp-slr").criteria("l1").budgets(1).specs(), store).run(Experiment.in(store)).complete();
        assertEquals(List.of("allr epochs=2", "bimp-slr epochs=2"), results.stream().map(Result::spec).filter(spec -> !spec.isOriginal())
                .map(Spec::schedule).sorted().toList());
    }

    @Test
    void aScheduleOfAReadersOwnGoesByItsClass() {
        Store store = Store.open(folder);
        List<Spec> specs = GRID.schedules(new com.acme.Warm(.05).text()).criteria("l1").budgets(1).specs();
        Result result = Sweep.of(specs, store).run(Experiment.in(store)).complete().get(0);
        assertEquals("com.acme.Warm peak=0.05", result.spec().schedule());
        assertEquals(result.spec(), Spec.parse(result.spec().text()));
    }

    @Test
    void aNetworkTrainedElsewhereIsTakenAsItIs() {
        Store store = Store.open(folder);
        Network network = Initial.network(Architecture.parse(NETWORK), 7);
        Spec original = Spec.original(DATA, NETWORK).with("weights", PretrainedNetworks.to(store, network)).with("recipe", "batch=20");
        assertEquals(original.weights(), PretrainedNetworks.to(store, network), "the same weights, the same name");
        Spec spec = original.retrained("uniform(0.5)", "l1", "ft", 1);
        assertEquals(1, Sweep.of(List.of(spec), store).run(Experiment.in(store)).complete().size());
        assertEquals(network, Networks.load(store.network(original)));
    }

    @Test
    void aCheckpointIsFoundByItsHashInAFolder() throws IOException {
        Network network = Initial.network(Architecture.parse(NETWORK), 7);
        Path files = Files.createDirectory(folder.resolve("files"));
        Networks.save(network, files.resolve("theirs.safetensors"));
        Networks.save(Initial.network(Architecture.parse(NETWORK), 8), files.resolve("another.safetensors"));
        Store named = Store.open(folder.resolve("a"));
        Spec byName = PretrainedNetworks.named(List.of(Spec.original(DATA, NETWORK).with("weights", "theirs.safetensors")), List.of(files), named).get(0);
        Store store = Store.open(folder.resolve("b"));
        assertEquals(List.of(byName), PretrainedNetworks.named(List.of(byName), List.of(files), store));
        assertEquals(network, Networks.load(PretrainedNetworks.require(store, byName.weights())));
        Spec missing = byName.with("weights", "sha256:0000000000000000");
        assertEquals(List.of(missing), PretrainedNetworks.named(List.of(missing), List.of(files), store), "rows that are there need no file");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> PretrainedNetworks.require(store, missing.weights())).getMessage().contains("--weights"));
    }

    @Test
    void whatASpecGetsWrongIsSaidAndTheRestGoesOn() {
        Store store = Store.open(folder);
        Spec good = GRID.schedules("clr").criteria("l1").budgets(1).specs().get(0);
        List<Spec> bad = Stream.of(good.with("criterion", "magic"), good.with("plan", "R56-B"), good.with("schedule", "warm"),
                good.with("data", "imagenet"), good.with("network", "perceptron"), good.with("recipe", "batch=0"),
                good.with("data", DATA + "/take=0"), good.with("weights", "sha256:0000000000000000")).toList();
        Outcome outcome = Sweep.of(Stream.concat(bad.stream(), Stream.of(good)).toList(), store).run(Experiment.in(store));
        assertEquals(List.of(good), outcome.results().stream().map(Result::spec).toList());
        String causes = outcome.failures().toString();
        for (String word : List.of("'magic' is no criterion", "R56-B is made for", "'warm' is no schedule", "no dataset is called 'imagenet'",
                "'perceptron' names no architecture", "at least one image", "not 0", "given-0000000000000000")) {
            assertTrue(causes.contains(word), word + " is not in " + causes);
        }
    }
}
