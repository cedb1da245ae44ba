package org.espalier.study.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.espalier.study.Fixtures;
import org.espalier.study.Grid;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.store.Csv;
import org.espalier.study.store.Store;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepTest {
    private static final Grid GRID = Grid.of("sample", "cifar-resnet-8").original(8).plans("uniform(0.5)").criteria("l1", "random")
            .schedules("ft", "clr").budgets(2, 4).seeds(1, 2);
    private static final int JOBS = 1 + 2 * 2 + 2 * 2 * 2;

    @TempDir
    Path folder;
    private final List<Job> done = Collections.synchronizedList(new ArrayList<>());

    /** Work that takes no time: results depend on the spec alone. */
    private JobRunner fake(Store store) {
        return (job, progress) -> {
            progress.accept(.5);
            done.add(job);
            if (job.longest().isOriginal()) {
                write(store.network(job.longest()));
            }
            return job.specs().stream().map(Fixtures::result).toList();
        };
    }

    private static void write(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, "weights");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyResultComesAndEveryTrainingHappensOnce() {
        Store store = Store.open(folder);
        Outcome outcome = Sweep.of(GRID.specs(), store).run(fake(store));
        assertEquals(GRID.specs(), outcome.complete().stream().map(Result::spec).toList());
        assertEquals(JOBS, done.size(), "an FT training answers both its budgets");
        assertTrue(done.get(0).longest().isOriginal());
        List<Double> costs = done.stream().skip(1).map(job -> new Job(List.of(job.longest())).cost()).toList();
        assertEquals(costs.stream().sorted(Collections.reverseOrder()).toList(), costs, "most expensive first");
        Sweep.of(GRID.specs(), store).run(fake(store));
        assertEquals(JOBS, done.size(), "the second time it is a look-up");
    }

    @Test
    void aLargerGridRunsOnlyWhatIsNew() {
        Store store = Store.open(folder);
        Sweep.of(GRID.specs(), store).run(fake(store));
        done.clear();
        Sweep.of(GRID.seeds(1, 2, 3).specs(), store).run(fake(store));
        assertEquals(2 + 2 * 2, done.size());
    }

    @Test
    void aResultThatIsKnownNeedsNoOriginalNetwork() {
        Store store = Store.open(folder);
        Sweep.of(GRID.specs(), store).run(fake(store));
        store.write(folder.resolve("results.csv"), Csv.text(store.results()));
        done.clear();
        Store fresh = Store.open(folder.resolve("fresh")).including(folder.resolve("results.csv"));
        assertEquals(GRID.specs().size(), Sweep.of(GRID.specs(), fresh).run(fake(fresh)).complete().size());
        assertEquals(0, done.size());
    }

    @Test
    void sideBySideGivesTheSame() {
        Store one = Store.open(folder.resolve("one"));
        Sweep.of(GRID.specs(), one).run(fake(one));
        for (int workers : new int[] {2, 4}) {
            Store many = Store.open(folder.resolve("many" + workers));
            Sweep.of(GRID.specs(), many).run(Collections.nCopies(workers, fake(many)));
            assertEquals(Csv.textOfResults(one.results()), Csv.textOfResults(many.results()));
        }
        assertEquals(3 * JOBS, done.size());
    }

    @Test
    void shardsTogetherDoEverythingOnce() {
        IntStream.range(0, 3).parallel().forEach(shard -> {
            Store store = Store.open(folder);
            Sweep.of(GRID.specs(), store).shard(shard, 3).run(fake(store));
        });
        Store store = Store.open(folder);
        assertEquals(GRID.specs().size(), Sweep.of(GRID.specs(), store).run(fake(store)).complete().size());
        assertEquals(JOBS, done.size());
        assertEquals(JOBS, done.stream().map(Job::key).distinct().count());
    }

    @Test
    void aRunThatFailsCostsItselfOnlyAndIsTriedAgainOnDemand() {
        Store store = Store.open(folder);
        Spec bad = GRID.specs().get(0).with("criterion", "magic");
        List<Spec> specs = Stream.concat(Stream.of(bad), GRID.specs().stream()).toList();
        Function<String, JobRunner> picky = word -> (job, progress) -> {
            if (job.longest().criterion().equals(word)) {
                throw new IllegalArgumentException("'magic' is no criterion");
            }
            return fake(store).run(job, progress);
        };
        Outcome outcome = Sweep.of(specs, store).run(picky.apply("magic"));
        assertEquals(GRID.specs().size(), outcome.results().size());
        assertEquals(List.of(bad), outcome.lacking());
        assertEquals("'magic' is no criterion", outcome.failures().get(0).cause());
        assertTrue(assertThrows(IllegalStateException.class, outcome::complete).getMessage().contains("no criterion"));
        assertEquals(JOBS, done.size());
        assertFalse(Sweep.of(specs, store).run(picky.apply("")).lacking().isEmpty(), "not tried again unasked");
        assertEquals(specs, Sweep.of(specs, store).again().run(picky.apply("")).complete().stream().map(Result::spec).toList());
    }

    @Test
    void whatStartsFromAFailedOriginalIsNotTried() {
        Store store = Store.open(folder);
        Outcome outcome = Sweep.of(GRID.specs(), store).run((job, progress) -> {
            done.add(job);
            throw new IllegalStateException("no data");
        });
        assertEquals(1, done.size());
        assertEquals("no data", outcome.failures().get(0).cause());
        assertEquals(GRID.specs(), outcome.lacking());
    }

    @Test
    void anInterruptKeepsWhatIsDoneAndReleasesTheRest() throws Exception {
        Store store = Store.open(folder);
        CountDownLatch third = new CountDownLatch(3);
        FutureTask<Outcome> sweep = new FutureTask<>(() -> Sweep.of(GRID.specs(), store).run((job, progress) -> {
            third.countDown();
            if (third.getCount() == 0) {
                Thread.sleep(60_000);
            }
            return fake(store).run(job, progress);
        }));
        Thread thread = new Thread(sweep);
        thread.start();
        third.await();
        thread.interrupt();
        var error = assertThrows(ExecutionException.class, () -> sweep.get(5, TimeUnit.SECONDS));
        assertTrue(error.getCause() instanceof CancellationException && error.getMessage().contains("goes on from there"), error.toString());
        assertEquals(2, done.size());
        assertEquals(GRID.specs().size(), Sweep.of(GRID.specs(), store).run(fake(store)).complete().size());
        assertEquals(JOBS, done.size());
    }

    @Test
    void progressEndsWithEverythingDone() {
        Store store = Store.open(folder);
        List<Progress> told = new ArrayList<>();
        Sweep.of(GRID.specs(), store).telling(told::add).run(fake(store));
        Progress last = told.get(told.size() - 1);
        assertEquals(JOBS, last.total());
        assertEquals(JOBS, last.done());
        assertTrue(told.stream().anyMatch(progress -> progress.running().size() == 1 && progress.left().isPresent()));
        assertTrue(last.text().startsWith("13 of 13 done"), last.text());
    }

    @Test
    void wrongAnswersAreRefused() {
        Store store = Store.open(folder);
        Map<Boolean, List<Spec>> specs = GRID.specs().stream().collect(Collectors.partitioningBy(spec -> spec.seed() == 1));
        Outcome outcome = Sweep.of(specs.get(true), store).run((job, progress) -> List.of(Fixtures.result(specs.get(false).get(0))));
        assertTrue(outcome.failures().get(0).cause().contains("asked for"), outcome.failures().toString());
        assertEquals(0, outcome.results().size());
    }

    @Test
    void shardsOutsideTheirNumberAreRefused() {
        Store store = Store.open(folder);
        assertThrows(IllegalArgumentException.class, () -> Sweep.of(GRID.specs(), store).shard(3, 3));
        assertThrows(IllegalArgumentException.class, () -> Sweep.of(GRID.specs(), store).shard(-1, 3));
    }
}
