package org.espalier.study.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.espalier.data.DatasetRegistry;
import org.espalier.study.Grid;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.store.Csv;
import org.espalier.study.store.Store;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkersTest {
    private static final List<Spec> SPECS = FakeWork.GRID.specs();
    @TempDir
    Path folder;
    private final List<Workers> started = new ArrayList<>();

    @AfterEach
    void endWorkers() {
        started.forEach(Workers::close);
    }

    private Workers fakes(int number, String millis) {
        Workers workers = Workers.of(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                FakeWork.Main.class.getName(), folder.toString(), millis), number, 1);
        started.add(workers);
        return workers;
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Spec odd(String criterion) {
        return SPECS.get(0).with("criterion", criterion);
    }

    @Test
    void theyReadTheirClassesFromTheArchiveOfWhoStartsThem() {
        List<String> options = List.of("-Xmx2g", "-XX:SharedArchiveFile=/a folder/classes.jsa", "-Xlog:disable", "-javaagent:espalier.jar");
        assertEquals(List.of("-XX:SharedArchiveFile=/a folder/classes.jsa", "-Xlog:disable"), Workers.archiveOf(options));
    }

    @Test
    void theyDoASweepTogether() {
        Store store = Store.open(folder);
        List<Progress> told = Collections.synchronizedList(new ArrayList<>());
        Outcome outcome = Sweep.of(SPECS, store).telling(told::add).run(fakes(2, "40").all());
        assertEquals(SPECS, outcome.complete().stream().map(Result::spec).toList());
        assertTrue(told.stream().anyMatch(progress -> progress.running().size() == 2));
    }

    @Test
    void oneThatDiesCostsItsOwnRunOnly() {
        Store store = Store.open(folder);
        List<Spec> specs = Stream.concat(Stream.of(odd("die"), odd("fail"), odd("prattle")), SPECS.stream()).toList();
        Outcome outcome = Sweep.of(specs, store).run(fakes(2, "0").all());
        assertEquals(List.of(odd("die"), odd("fail")), outcome.lacking());
        String causes = outcome.failures().toString();
        assertTrue(causes.contains("worker process ended (exit code 9)") && causes.contains("asked to fail"), causes);
    }

    @Test
    void oneThatIsKilledCostsItsOwnRunOnly() throws InterruptedException {
        Store store = Store.open(folder);
        Workers workers = fakes(2, "0");
        List<Spec> specs = Stream.concat(Stream.of(odd("hang")), SPECS.stream()).toList();
        Thread killer = new Thread(() -> {
            while (!SPECS.stream().allMatch(spec -> store.has(spec.id()))) {
                pause();
            }
            workers.pids().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        });
        killer.start();
        Outcome outcome = Sweep.of(specs, store).run(workers.all());
        assertEquals(List.of(odd("hang")), outcome.lacking());
        assertTrue(outcome.failures().get(0).cause().contains("killed by signal 9"), outcome.failures().toString());
        killer.join();
    }

    @Test
    void thoseThatCannotWorkSayWhyAndTheirJobsStayToBeDone() {
        Store store = Store.open(folder);
        var error = assertThrows(UnfitMachineException.class, () -> Sweep.of(SPECS, store).run(fakes(2, "unfit").all()));
        assertTrue(error.getMessage().contains("no natives here"), error.getMessage());
        assertTrue(store.failures().isEmpty());
        List<JobRunner> mixed = Stream.<JobRunner>concat(fakes(1, "unfit").all().stream(), fakes(1, "0").all().stream()).toList();
        assertEquals(SPECS.size(), Sweep.of(SPECS, store).run(mixed).complete().size());
    }

    @Test
    void aRealOneWithoutNativesSaysSo() {
        Store store = Store.open(folder);
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("pytorch-native")).collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath,
                "-Dai.djl.offline=true", "-DDJL_CACHE_DIR=" + folder, Worker.class.getName()));
        command.addAll(Worker.arguments(store, Evaluated.BUDGETS, List.of()));
        try (Workers workers = Workers.of(command, 1, 1)) {
            var error = assertThrows(UnfitMachineException.class, () -> Sweep.of(SPECS, store).run(workers.all()));
            assertTrue(error.getMessage().contains("native libraries can't be loaded"), error.getMessage());
            System.out.println(error.getMessage());
        }
    }

    @Test
    void theyEndWhenTheSweepIsInterrupted() throws InterruptedException {
        Store store = Store.open(folder);
        Workers workers = fakes(2, "60000");
        Thread thread = new Thread(() -> assertThrows(CancellationException.class, () -> Sweep.of(SPECS, store).run(workers.all())));
        thread.start();
        while (workers.pids().isEmpty() || !Files.exists(folder.resolve("log"))) {
            pause();
        }
        List<Long> pids = workers.pids();
        thread.interrupt();
        thread.join(10_000);
        assertFalse(thread.isAlive());
        Thread.sleep(200);
        assertTrue(pids.stream().allMatch(pid -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()));
    }

    @Test
    void oneEndsWhenItsParentIsGone() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), FakeWork.Main.class.getName(),
                folder.toString(), "60000");
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process worker = builder.start();
        worker.outputWriter().write(Worker.line(new Job(List.of(SPECS.get(0)))) + "\n");
        worker.outputWriter().flush();
        while (!Files.exists(folder.resolve("log"))) {
            pause();
        }
        worker.outputWriter().close();
        assertTrue(worker.waitFor(5, java.util.concurrent.TimeUnit.SECONDS));
    }

    @Test
    void anyNumberOfRealOnesGivesTheSameResults() {
        List<Spec> specs = Grid.of("fashion-mnist-sample/take=4,5", "cifar-resnet-8 stages=4,8,8 channels=1").original(2).over("recipe", "batch=20")
                .plans("uniform(0.5)").criteria("l1", "random").schedules("ft", "clr").budgets(1, 2).seeds(1).specs();
        List<String> exports = new ArrayList<>();
        for (int number : new int[] {1, 2, 4}) {
            Store store = Store.open(folder.resolve("" + number));
            try (Workers workers = Workers.of(store, DatasetRegistry.of(List.of()), number, 1)) {
                Sweep.of(specs, store).run(workers.all()).complete();
                exports.add(Csv.textOfResults(store.results()));
                assertTrue(store.results().stream().allMatch(result -> result.provenance().threads() == 1));
            }
        }
        assertEquals(exports.get(0), exports.get(1));
        assertEquals(exports.get(0), exports.get(2));
    }

    @Test
    void moreThreadsThanProcessorsAreSaid() {
        int processors = Runtime.getRuntime().availableProcessors();
        assertTrue(Workers.crowd(processors, 1).isEmpty());
        String said = Workers.crowd(1, processors + 1).orElseThrow();
        assertTrue(said.contains("1 workers of " + (processors + 1) + " threads share the " + processors + " processors"), said);
    }
}
