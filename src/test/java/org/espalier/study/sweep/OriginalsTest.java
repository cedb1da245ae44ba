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
import org.espalier.text.Sha256;
import org.espalier.study.Grid;
import org.espalier.study.Result;
import org.espalier.study.Spec;
import org.espalier.study.store.Csv;
import org.espalier.study.store.OriginalMismatchException;
import org.espalier.study.store.Originals;
import org.espalier.study.store.Store;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A study that goes on elsewhere goes on from the same original networks, or not at all: 40 images, a ResNet-8. */
class OriginalsTest {
    private static final Grid GRID = Grid.of("fashion-mnist-sample/take=4,5", "cifar-resnet-8 stages=4,8,8 channels=1").original(1)
            .over("recipe", "batch=20").plans("uniform(0.5)").criteria("l1").schedules("clr").budgets(1);
    private static final List<Spec> FIRST = GRID.seeds(1).specs();
    private static final List<Spec> MORE = GRID.seeds(1, 2).specs();
    private static final Spec ORIGINAL = FIRST.get(0).parent();

    @TempDir
    Path folder;
    private Store store;
    private Path csv;
    private Path file;

    @BeforeEach
    void measureAndExport() {
        store = Store.open(folder.resolve("store"));
        Sweep.of(FIRST, store).run(Experiment.in(store)).complete();
        csv = folder.resolve("results/study.csv");
        store.export(csv, FIRST);
        file = folder.resolve("results/originals").resolve(ORIGINAL.id() + ".safetensors");
    }

    private void exportOriginals() {
        store.originals().export(store.results(), folder.resolve("results/originals"));
    }

    private static void assertRefused(Store store, String... words) {
        var error = assertThrows(OriginalMismatchException.class, () -> Sweep.of(MORE, store).run((job, progress) -> {
            throw new AssertionError("nothing is to be trained");
        }));
        for (String word : words) {
            assertTrue(error.getMessage().contains(word), word + " is not in " + error.getMessage());
        }
    }

    @Test
    void rowsNameTheirOriginalsFile() throws Exception {
        String sha = Sha256.of(store.network(ORIGINAL));
        assertEquals(2, Csv.read(csv).size(), "the original's row is exported too");
        assertTrue(Csv.read(csv).stream().allMatch(result -> result.originalSha256().equals(sha)));
        assertTrue(Csv.read(csv).stream().noneMatch(result -> result.provenance().processor().isBlank()));
    }

    @Test
    void anEmptyStoreGoesOnFromTheExportedOriginal() throws Exception {
        exportOriginals();
        Store fresh = Store.open(folder.resolve("fresh")).including(csv);
        try (Workers workers = Workers.of(fresh, DatasetRegistry.of(List.of()), 1, 1)) {
            List<Result> results = Sweep.of(MORE, fresh).run(workers.all()).complete();
            assertEquals(results.get(0).originalSha256(), results.get(1).originalSha256());
            assertEquals(results.get(0).before(), results.get(1).before());
        }
        assertTrue(fresh.result(ORIGINAL.id()).isPresent());
        assertArrayEquals(Files.readAllBytes(store.network(ORIGINAL)), Files.readAllBytes(fresh.network(ORIGINAL)));
        Store all = Store.open(folder.resolve("all"));
        Sweep.of(MORE, all).run(Experiment.in(all)).complete();
        assertEquals(2, fresh.results(spec -> !spec.isOriginal()).size());
    }

    @Test
    void exportingAgainGivesTheSameBytes() throws Exception {
        exportOriginals();
        byte[] rows = Files.readAllBytes(csv);
        byte[] network = Files.readAllBytes(file);
        Store fresh = Store.open(folder.resolve("fresh")).including(csv);
        fresh.export(csv, FIRST);
        fresh.originals().export(fresh.results(), file.getParent());
        assertArrayEquals(rows, Files.readAllBytes(csv));
        assertArrayEquals(network, Files.readAllBytes(file));
    }

    @Test
    void withoutTheOriginalAnotherSeedIsRefusedAndNothingIsTrained() {
        Store fresh = Store.open(folder.resolve("fresh")).including(csv);
        assertRefused(fresh, ORIGINAL.id(), file.toString(), fresh.result(ORIGINAL.id()).orElseThrow().originalSha256(), "espalier export --originals");
        assertEquals(FIRST.size(), Sweep.of(FIRST, fresh).run(Experiment.in(fresh)).complete().size(), "what is there needs no original");
        assertFalse(Files.exists(fresh.network(ORIGINAL)));
    }

    @Test
    void anotherOriginalIsRefused() throws Exception {
        exportOriginals();
        Store other = Store.open(folder.resolve("other"));
        Spec elsewhere = ORIGINAL.with("originalSeed", 2);
        Sweep.of(List.of(elsewhere), other).run(Experiment.in(other)).complete();
        byte[] wrong = Files.readAllBytes(other.network(elsewhere));
        Files.write(file, wrong);
        assertRefused(Store.open(folder.resolve("fresh")).including(csv), file.toString(), Sha256.of(wrong));
        Files.write(store.network(ORIGINAL), wrong);
        assertRefused(store, store.network(ORIGINAL).toString(), Sha256.of(wrong));
        assertThrows(OriginalMismatchException.class, this::exportOriginals);
        assertArrayEquals(wrong, Files.readAllBytes(file), "nothing is overwritten");
    }

    @Test
    void anOriginalWhoseFileIsGoneIsNotTrainedAgain() throws Exception {
        Files.delete(store.network(ORIGINAL));
        assertRefused(store, ORIGINAL.id(), "It isn't trained again");
    }

    @Test
    void resultsOfTwoOriginalsUnderOneIdAreNotMixed() throws Exception {
        String sha = store.result(ORIGINAL.id()).orElseThrow().originalSha256();
        Path edited = folder.resolve("edited.csv");
        Files.writeString(edited, Files.readString(csv).replace(sha, "0".repeat(64)));
        var error = assertThrows(OriginalMismatchException.class, () -> store.including(edited));
        assertTrue(error.getMessage().contains("another original network " + ORIGINAL.id()), error.getMessage());
        Result result = store.result(FIRST.get(0).id()).orElseThrow();
        Result stray = new Result(MORE.get(1), result.before(), result.pruned(), result.last(), result.best(), result.bestEpoch(), result.split(),
                result.parameters(), result.macs(), "0".repeat(64), 1, result.history(), result.provenance());
        assertThrows(OriginalMismatchException.class, () -> store.append(stray));
        assertFalse(store.has(stray.id()));
    }

    @Test
    void aFileThatWasExportedBeforeAndDiffersIsNotReplaced() throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "another network");
        var error = assertThrows(OriginalMismatchException.class, this::exportOriginals);
        assertTrue(error.getMessage().contains("is another network than"), error.getMessage());
    }

    @Test
    void rowsOfAnOlderReleaseAreReadAndGoOnFromTheirStoresFile() throws Exception {
        String sha = store.result(ORIGINAL.id()).orElseThrow().originalSha256();
        Path older = folder.resolve("older.csv");
        Files.writeString(older, Files.readString(csv).replace(",originalSha256", "").replace("," + sha, ""));
        assertTrue(Csv.read(older).stream().allMatch(result -> result.originalSha256().isEmpty()));
        Store fresh = Store.open(folder.resolve("fresh")).including(older);
        assertRefused(fresh, "didn't note it");
        Files.createDirectories(fresh.network(ORIGINAL).getParent());
        Files.copy(store.network(ORIGINAL), fresh.network(ORIGINAL));
        assertEquals(2, Sweep.of(MORE, fresh).run(Experiment.in(fresh)).complete().size());
        assertEquals(Originals.FOLDER, file.getParent().getFileName().toString());
    }
}
